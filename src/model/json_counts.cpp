// What is counted, as JSON.
#include "uringbench/model/json.hpp"
#include "uringbench/model/json_fields.hpp"

namespace ub {

void to_json(Json& json, const Reading& reading) {
  if (const auto* counted = std::get_if<Counted>(&reading)) {
    json = {{"value", counted->value}, {"running", counted->running}};
    if (counted->raw) {
      json["raw"] = {{"count", counted->raw->count},
                     {"enabled_ns", counted->raw->enabled_ns},
                     {"running_ns", counted->raw->running_ns}};
    }
  } else {
    json = {{"unavailable", std::get<Unavailable>(reading).reason}};
  }
}

void from_json(const Json& json, Reading& reading) {
  if (json.contains("unavailable")) {
    reading = Unavailable{json.at("unavailable").get<std::string>()};
  } else {
    Counted counted{json.at("value").get<double>(), json.at("running").get<double>()};
    if (json.contains("raw")) {
      const Fields raw(json.at("raw"));
      counted.raw =
          RawCount{raw.at("count").get<std::uint64_t>(), raw.at("enabled_ns").get<std::uint64_t>(),
                   raw.at("running_ns").get<std::uint64_t>()};
    }
    reading = counted;
  }
}

void to_json(Json& json, const SendCounts& counts) {
  json = {{"messages", counts.messages},
          {"bytes", counts.bytes},
          {"operations", counts.operations},
          {"short", counts.short_sends},
          {"would_block", counts.would_block},
          {"buffer_waits", counts.buffer_waits},
          {"system_calls", counts.system_calls},
          {"cq_overflows", counts.cq_overflows},
          {"errors", counts.errors}};
}

void from_json(const Json& object, SendCounts& counts) {
  const Fields json(object);
  json.at("messages").get_to(counts.messages);
  json.at("bytes").get_to(counts.bytes);
  json.at("operations").get_to(counts.operations);
  json.at("short").get_to(counts.short_sends);
  json.at("would_block").get_to(counts.would_block);
  json.at("buffer_waits").get_to(counts.buffer_waits);
  json.at("system_calls").get_to(counts.system_calls);
  json.at("cq_overflows").get_to(counts.cq_overflows);
  json.at("errors").get_to(counts.errors);
}

void to_json(Json& json, const ZeroCopyCounts& counts) {
  json = {{"sends", counts.sends},
          {"real", counts.real},
          {"copied", counts.copied},
          {"unreported", counts.unreported},
          {"notifications", counts.notifications},
          {"failed", counts.failed},
          {"cause", null_or(counts.cause)}};
}

void from_json(const Json& object, ZeroCopyCounts& counts) {
  const Fields json(object);
  json.at("sends").get_to(counts.sends);
  json.at("real").get_to(counts.real);
  json.at("copied").get_to(counts.copied);
  json.at("unreported").get_to(counts.unreported);
  json.get_if_there("notifications", counts.notifications);
  json.get_if_there("failed", counts.failed);
  if (json.has("cause")) counts.cause = text_or_empty(json.at("cause"));
}

void to_json(Json& json, const Snapshot& snapshot) {
  json = {{"time_ns", snapshot.time_ns},
          {"usage", snapshot.usage},
          {"sends", snapshot.sends},
          {"zero_copy", snapshot.zero_copy},
          {"arrivals", snapshot.arrivals},
          {"held_peak", snapshot.held_peak},
          {"held_peak_bytes", snapshot.held_peak_bytes},
          {"received_bytes", snapshot.received_bytes},
          {"receive_calls", snapshot.receive_calls},
          {"sent_bytes", snapshot.sent_bytes},
          {"responses", snapshot.responses},
          {"retransmitted_bytes", snapshot.retransmitted_bytes},
          {"peak_rss_bytes", snapshot.peak_rss_bytes},
          {"copy_cause", snapshot.copy_cause},
          {"failure", snapshot.failure}};
}

void from_json(const Json& object, Snapshot& snapshot) {
  const Fields json(object);
  json.at("time_ns").get_to(snapshot.time_ns);
  json.at("usage").get_to(snapshot.usage);
  json.at("sends").get_to(snapshot.sends);
  json.at("zero_copy").get_to(snapshot.zero_copy);
  json.at("arrivals").get_to(snapshot.arrivals);
  json.at("held_peak").get_to(snapshot.held_peak);
  json.at("held_peak_bytes").get_to(snapshot.held_peak_bytes);
  json.at("received_bytes").get_to(snapshot.received_bytes);
  json.at("receive_calls").get_to(snapshot.receive_calls);
  json.at("sent_bytes").get_to(snapshot.sent_bytes);
  json.at("responses").get_to(snapshot.responses);
  json.at("retransmitted_bytes").get_to(snapshot.retransmitted_bytes);
  json.at("peak_rss_bytes").get_to(snapshot.peak_rss_bytes);
  json.at("copy_cause").get_to(snapshot.copy_cause);
  json.at("failure").get_to(snapshot.failure);
}

void to_json(Json& json, const ArrivalCounts& counts) {
  json = {{"bytes", counts.bytes},         {"mapped_bytes", counts.mapped_bytes},
          {"receives", counts.receives},   {"would_block", counts.would_block},
          {"exhausted", counts.exhausted}, {"rearmed", counts.rearmed}};
}

void from_json(const Json& object, ArrivalCounts& counts) {
  const Fields json(object);
  json.at("bytes").get_to(counts.bytes);
  json.at("mapped_bytes").get_to(counts.mapped_bytes);
  json.at("receives").get_to(counts.receives);
  json.at("would_block").get_to(counts.would_block);
  json.at("exhausted").get_to(counts.exhausted);
  json.at("rearmed").get_to(counts.rearmed);
}

}  // namespace ub
