// Readings and snapshots as JSON.
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

void to_json(Json& json, const Snapshot& snapshot) {
  json = {{"time_ns", snapshot.time_ns},
          {"usage", snapshot.usage},
          {"load", snapshot.load},
          {"retransmitted_bytes", snapshot.retransmitted_bytes},
          {"peak_rss_bytes", snapshot.peak_rss_bytes},
          {"copy_cause", snapshot.copy_cause},
          {"failure", snapshot.failure}};
  for_each_server_group(
      [&](auto group, auto /*tally*/, const char* name, ...) { json[name] = snapshot.*group; });
}

void from_json(const Json& object, Snapshot& snapshot) {
  const Fields json(object);
  json.at("time_ns").get_to(snapshot.time_ns);
  json.at("usage").get_to(snapshot.usage);
  for_each_server_group([&](auto group, auto /*tally*/, const char* name, ...) {
    json.at(name).get_to(snapshot.*group);
  });
  json.at("load").get_to(snapshot.load);
  json.at("retransmitted_bytes").get_to(snapshot.retransmitted_bytes);
  json.at("peak_rss_bytes").get_to(snapshot.peak_rss_bytes);
  json.at("copy_cause").get_to(snapshot.copy_cause);
  json.at("failure").get_to(snapshot.failure);
}

}  // namespace ub
