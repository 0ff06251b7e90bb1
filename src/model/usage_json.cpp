#include "uringbench/model/usage_json.hpp"

#include "uringbench/model/json_fields.hpp"
#include "uringbench/model/ledger_json.hpp"
#include "uringbench/model/or_unavailable.hpp"

namespace ub {

void to_json(Json& json, const CpuTimes& times) {
  json = {{"user_ns", times.user_ns},   {"system_ns", times.system_ns},
          {"irq_ns", times.irq_ns},     {"softirq_ns", times.softirq_ns},
          {"steal_ns", times.steal_ns}, {"idle_ns", times.idle_ns}};
}

void from_json(const Json& object, CpuTimes& times) {
  const Fields json(object);
  json.at("user_ns").get_to(times.user_ns);
  json.at("system_ns").get_to(times.system_ns);
  json.at("irq_ns").get_to(times.irq_ns);
  json.at("softirq_ns").get_to(times.softirq_ns);
  json.at("steal_ns").get_to(times.steal_ns);
  json.at("idle_ns").get_to(times.idle_ns);
}

void to_json(Json& json, const RunQueueTimes& times) {
  json = {
      {"on_cpu_ns", times.on_cpu_ns}, {"waiting_ns", times.waiting_ns}, {"slices", times.slices}};
}

void from_json(const Json& object, RunQueueTimes& times) {
  const Fields json(object);
  json.at("on_cpu_ns").get_to(times.on_cpu_ns);
  json.at("waiting_ns").get_to(times.waiting_ns);
  json.at("slices").get_to(times.slices);
}

void to_json(Json& json, const TscPoint& point) {
  json = {{"tsc", point.tsc}, {"time_ns", point.time_ns}, {"uncertainty_ns", point.uncertainty_ns}};
}

void from_json(const Json& object, TscPoint& point) {
  const Fields json(object);
  json.at("tsc").get_to(point.tsc);
  json.at("time_ns").get_to(point.time_ns);
  json.at("uncertainty_ns").get_to(point.uncertainty_ns);
}

void to_json(Json& json, const TscCyclesEstimate& estimate) {
  json = {{"value", estimate.value},
          {"ticks_per_second", estimate.ticks_per_second},
          {"relative_error", estimate.relative_error}};
}

void from_json(const Json& object, TscCyclesEstimate& estimate) {
  const Fields json(object);
  json.at("value").get_to(estimate.value);
  json.at("ticks_per_second").get_to(estimate.ticks_per_second);
  json.at("relative_error").get_to(estimate.relative_error);
}

void to_json(Json& json, const CpuUsage& usage) {
  json = {
      {"cpus", usage.cpus}, {"times", value_or_reason(usage.times)}, {"counters", usage.counters}};
}

void from_json(const Json& object, CpuUsage& usage) {
  const Fields json(object);
  json.at("cpus").get_to(usage.cpus);
  usage.times = from_value_or_reason<CpuTimes>(object.at("times"));
  json.at("counters").get_to(usage.counters);
}

void to_json(Json& json, const RoleUsage& usage) {
  json = {{"cpu_ns", usage.cpu_ns},
          {"user_ns", usage.user_ns},
          {"system_ns", usage.system_ns},
          {"counters", usage.counters}};
  if (usage.cpus) json["cpus"] = *usage.cpus;
  put_optional(json, "run_queue", usage.run_queue);
  put_optional(json, "tsc", usage.tsc);
  put_optional(json, "tsc_cycles_estimate", usage.tsc_cycles_estimate);
  if (usage.longest_pause_ns) json["longest_pause_ns"] = *usage.longest_pause_ns;
  if (usage.throttled_ns) json["throttled_ns"] = *usage.throttled_ns;
  put_optional(json, "profile", usage.profile);
}

void from_json(const Json& object, RoleUsage& usage) {
  const Fields json(object);
  json.at("cpu_ns").get_to(usage.cpu_ns);
  json.at("user_ns").get_to(usage.user_ns);
  json.at("system_ns").get_to(usage.system_ns);
  json.at("counters").get_to(usage.counters);
  usage.cpus.reset();
  if (object.contains("cpus")) usage.cpus = object.at("cpus").get<CpuUsage>();
  get_optional(object, "run_queue", usage.run_queue);
  get_optional(object, "tsc", usage.tsc);
  get_optional(object, "tsc_cycles_estimate", usage.tsc_cycles_estimate);
  if (object.contains("longest_pause_ns")) {
    usage.longest_pause_ns = json.at("longest_pause_ns").get<std::uint64_t>();
  }
  if (object.contains("throttled_ns")) {
    usage.throttled_ns = json.at("throttled_ns").get<std::uint64_t>();
  }
  get_optional(object, "profile", usage.profile);
}

}  // namespace ub
