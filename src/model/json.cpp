#include "uringbench/model/json.hpp"

#include <string>

#include "fields.hpp"

namespace ub {
namespace {

template <typename Enum>
Enum enum_at(const Fields& json, const char* key) {
  const auto text = json.at(key).get<std::string>();
  const auto value = from_text<Enum>(text);
  if (!value) refuse(std::string(key) + ": '" + text + "' is not a known name");
  return *value;
}

Json null_or(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

std::string text_or_empty(const Field& json) {
  return json.is_null() ? std::string() : json.get<std::string>();
}

template <typename Value>
Json null_or(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

template <typename Value>
std::optional<Value> optional_at(const Fields& json, const char* key) {
  const Field field = json.at(key);
  return field.is_null() ? std::nullopt : std::optional<Value>(field.get<Value>());
}

}  // namespace

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

void to_json(Json& json, const Case& c) {
  json = {{"mode", mode_name(c)},
          {"engine", to_text(c.engine)},
          {"path", c.path},
          {"family", to_text(c.family)},
          {"workload", to_text(c.workload)},
          {"link", to_text(c.link)},
          {"transport", to_text(c.transport)},
          {"size_bytes", c.size_bytes},
          {"clients", c.clients},
          {"batch", c.batch},
          {"fields", c.fields},
          {"working_set_bytes", c.working_set_bytes},
          {"nodelay", to_text(c.nodelay)},
          {"congestion", c.congestion},
          {"send_buffer_bytes", c.send_buffer_bytes},
          {"receive_buffer_bytes", c.receive_buffer_bytes},
          {"client_lowat_bytes", c.client_lowat_bytes},
          {"verify", to_text(c.verify)},
          {"server_cpus", c.server_cpus},
          {"client_cpus", c.client_cpus},
          {"warmup_ns", c.warmup_ns},
          {"duration_ns", c.duration_ns},
          {"purpose", to_text(c.purpose)}};
}

void from_json(const Json& object, Case& c) {
  const Fields json(object);
  c.engine = enum_at<EngineKind>(json, "engine");
  json.at("path").get_to(c.path);
  c.family = enum_at<Family>(json, "family");
  c.workload = enum_at<Workload>(json, "workload");
  c.link = enum_at<Link>(json, "link");
  c.transport = enum_at<Transport>(json, "transport");
  json.at("size_bytes").get_to(c.size_bytes);
  json.at("clients").get_to(c.clients);
  json.at("batch").get_to(c.batch);
  json.at("fields").get_to(c.fields);
  json.at("working_set_bytes").get_to(c.working_set_bytes);
  c.nodelay = enum_at<Switch>(json, "nodelay");
  json.at("congestion").get_to(c.congestion);
  json.at("send_buffer_bytes").get_to(c.send_buffer_bytes);
  json.at("receive_buffer_bytes").get_to(c.receive_buffer_bytes);
  json.at("client_lowat_bytes").get_to(c.client_lowat_bytes);
  c.verify = enum_at<Switch>(json, "verify");
  json.at("server_cpus").get_to(c.server_cpus);
  json.at("client_cpus").get_to(c.client_cpus);
  json.at("warmup_ns").get_to(c.warmup_ns);
  json.at("duration_ns").get_to(c.duration_ns);
  c.purpose = enum_at<Purpose>(json, "purpose");
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
          {"unreported", counts.unreported}};
}

void from_json(const Json& object, ZeroCopyCounts& counts) {
  const Fields json(object);
  json.at("sends").get_to(counts.sends);
  json.at("real").get_to(counts.real);
  json.at("copied").get_to(counts.copied);
  json.at("unreported").get_to(counts.unreported);
}

void to_json(Json& json, const RoleUsage& usage) {
  json = {{"cpu_ns", usage.cpu_ns},
          {"user_ns", usage.user_ns},
          {"system_ns", usage.system_ns},
          {"counters", usage.counters}};
}

void from_json(const Json& object, RoleUsage& usage) {
  const Fields json(object);
  json.at("cpu_ns").get_to(usage.cpu_ns);
  json.at("user_ns").get_to(usage.user_ns);
  json.at("system_ns").get_to(usage.system_ns);
  json.at("counters").get_to(usage.counters);
}

void to_json(Json& json, const Snapshot& snapshot) {
  json = {{"time_ns", snapshot.time_ns},
          {"usage", snapshot.usage},
          {"sends", snapshot.sends},
          {"zero_copy", snapshot.zero_copy},
          {"received_bytes", snapshot.received_bytes},
          {"receive_calls", snapshot.receive_calls},
          {"peak_rss_bytes", snapshot.peak_rss_bytes},
          {"failure", snapshot.failure}};
}

void from_json(const Json& object, Snapshot& snapshot) {
  const Fields json(object);
  json.at("time_ns").get_to(snapshot.time_ns);
  json.at("usage").get_to(snapshot.usage);
  json.at("sends").get_to(snapshot.sends);
  json.at("zero_copy").get_to(snapshot.zero_copy);
  json.at("received_bytes").get_to(snapshot.received_bytes);
  json.at("receive_calls").get_to(snapshot.receive_calls);
  json.at("peak_rss_bytes").get_to(snapshot.peak_rss_bytes);
  json.at("failure").get_to(snapshot.failure);
}

void to_json(Json& json, const LatencySummary& latency) {
  json = {{"count", latency.count}, {"min", latency.min},  {"p50", latency.p50},
          {"p90", latency.p90},     {"p99", latency.p99},  {"p999", latency.p999},
          {"max", latency.max},     {"mean", latency.mean}};
}

void from_json(const Json& object, LatencySummary& latency) {
  const Fields json(object);
  json.at("count").get_to(latency.count);
  json.at("min").get_to(latency.min);
  json.at("p50").get_to(latency.p50);
  json.at("p90").get_to(latency.p90);
  json.at("p99").get_to(latency.p99);
  json.at("p999").get_to(latency.p999);
  json.at("max").get_to(latency.max);
  json.at("mean").get_to(latency.mean);
}

void to_json(Json& json, const Sample& sample) {
  json = {{"schema", kSchema},
          {"record", "sample"},
          {"status", to_text(sample.status)},
          {"reason", null_or(sample.reason)},
          {"case", sample.the_case},
          {"rep", sample.rep},
          {"block", sample.block},
          {"window_s", sample.window_s},
          {"messages", sample.messages},
          {"bytes", sample.bytes},
          {"goodput_bps", sample.goodput_bps},
          {"message_rate", sample.message_rate},
          {"latency_ns", null_or(sample.latency)},
          {"server", sample.server},
          {"client", sample.client},
          {"zero_copy", null_or(sample.zero_copy)},
          {"sends", sample.sends},
          {"server_peak_rss_bytes", sample.server_peak_rss_bytes},
          {"marks", sample.marks},
          {"granted", sample.granted},
          {"effective", sample.effective}};
}

void from_json(const Json& object, Sample& sample) {
  const Fields json(object);
  if (json.at("schema").get<unsigned>() != kSchema ||
      json.at("record").get<std::string>() != "sample") {
    refuse("not a sample of schema 1");
  }
  sample.status = enum_at<Status>(json, "status");
  sample.reason = text_or_empty(json.at("reason"));
  json.at("case").get_to(sample.the_case);
  json.at("rep").get_to(sample.rep);
  json.at("block").get_to(sample.block);
  json.at("window_s").get_to(sample.window_s);
  json.at("messages").get_to(sample.messages);
  json.at("bytes").get_to(sample.bytes);
  json.at("goodput_bps").get_to(sample.goodput_bps);
  json.at("message_rate").get_to(sample.message_rate);
  sample.latency = optional_at<LatencySummary>(json, "latency_ns");
  json.at("server").get_to(sample.server);
  json.at("client").get_to(sample.client);
  sample.zero_copy = optional_at<ZeroCopyCounts>(json, "zero_copy");
  json.at("sends").get_to(sample.sends);
  json.at("server_peak_rss_bytes").get_to(sample.server_peak_rss_bytes);
  json.at("marks").get_to(sample.marks);
  json.at("granted").get_to(sample.granted);
  json.at("effective").get_to(sample.effective);
}

void to_json(Json& json, const Environment& environment) {
  json = {{"schema", kSchema},
          {"record", "environment"},
          {"seed", environment.seed},
          {"facts", environment.facts}};
}

void from_json(const Json& object, Environment& environment) {
  const Fields json(object);
  if (json.at("schema").get<unsigned>() != kSchema ||
      json.at("record").get<std::string>() != "environment") {
    refuse("not an environment of schema 1");
  }
  json.at("seed").get_to(environment.seed);
  json.at("facts").get_to(environment.facts);
}

}  // namespace ub
