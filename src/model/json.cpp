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

template <typename Value>
std::optional<Value> optional_if_there(const Fields& json, const char* key) {
  return json.has(key) ? optional_at<Value>(json, key) : std::nullopt;
}

/// Of a factor that older files lack: its default.
template <typename Enum>
void enum_if_there(const Fields& json, const char* key, Enum& value) {
  if (json.has(key)) value = enum_at<Enum>(json, key);
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
  json["request_size_bytes"] = c.request_size_bytes;
  json["depth"] = c.depth;
  json["rate_per_s"] = c.rate_per_s;
  json["gaps"] = to_text(c.gaps);
  json["receive"] = c.receive;
  json["wait"] = to_text(c.wait);
  json["client_wait"] = to_text(c.client_wait);
  json["ring"] = to_text(c.ring.setup);
  json["registered_files"] = to_text(c.ring.registered_files);
  json["registered_ring_fd"] = to_text(c.ring.registered_fd);
  json["poll_first"] = to_text(c.ring.poll_first);
  json["napi_busy_poll_us"] = c.ring.napi_busy_poll_us;
  json["min_wait_us"] = c.ring.min_wait_us;
  json["cq_entries"] = c.ring.cq_entries;
  json["reactors"] = c.reactors;
  json["huge_pages"] = to_text(c.huge_pages);
  if (c.link == Link::loopback) return;  // it has no device of its own
  json["mtu_bytes"] = c.device.mtu_bytes;
  json["link_offloads"] = to_text(c.device.offloads);
  json["link_delay_ns"] = c.device.delay_ns;
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
  json.get_if_there("request_size_bytes", c.request_size_bytes);
  json.get_if_there("depth", c.depth);
  json.get_if_there("rate_per_s", c.rate_per_s);
  enum_if_there(json, "gaps", c.gaps);
  json.get_if_there("receive", c.receive);
  enum_if_there(json, "wait", c.wait);
  enum_if_there(json, "client_wait", c.client_wait);
  enum_if_there(json, "ring", c.ring.setup);
  enum_if_there(json, "registered_files", c.ring.registered_files);
  enum_if_there(json, "registered_ring_fd", c.ring.registered_fd);
  enum_if_there(json, "poll_first", c.ring.poll_first);
  json.get_if_there("napi_busy_poll_us", c.ring.napi_busy_poll_us);
  json.get_if_there("min_wait_us", c.ring.min_wait_us);
  json.get_if_there("cq_entries", c.ring.cq_entries);
  json.get_if_there("reactors", c.reactors);
  enum_if_there(json, "huge_pages", c.huge_pages);
  json.get_if_there("mtu_bytes", c.device.mtu_bytes);
  enum_if_there(json, "link_offloads", c.device.offloads);
  json.get_if_there("link_delay_ns", c.device.delay_ns);
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
  json = {{"sends", counts.sends},   {"real", counts.real},
          {"copied", counts.copied}, {"unreported", counts.unreported},
          {"failed", counts.failed}, {"cause", null_or(counts.cause)}};
}

void from_json(const Json& object, ZeroCopyCounts& counts) {
  const Fields json(object);
  json.at("sends").get_to(counts.sends);
  json.at("real").get_to(counts.real);
  json.at("copied").get_to(counts.copied);
  json.at("unreported").get_to(counts.unreported);
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
          {"received_bytes", snapshot.received_bytes},
          {"receive_calls", snapshot.receive_calls},
          {"sent_bytes", snapshot.sent_bytes},
          {"responses", snapshot.responses},
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
  json.at("received_bytes").get_to(snapshot.received_bytes);
  json.at("receive_calls").get_to(snapshot.receive_calls);
  json.at("sent_bytes").get_to(snapshot.sent_bytes);
  json.at("responses").get_to(snapshot.responses);
  json.at("peak_rss_bytes").get_to(snapshot.peak_rss_bytes);
  json.at("copy_cause").get_to(snapshot.copy_cause);
  json.at("failure").get_to(snapshot.failure);
}

void to_json(Json& json, const LatencySummary& l) {
  json = {{"count", l.count},          {"min", null_or(l.min)}, {"p50", null_or(l.p50)},
          {"p90", null_or(l.p90)},     {"p99", null_or(l.p99)}, {"p999", null_or(l.p999)},
          {"p9999", null_or(l.p9999)}, {"max", null_or(l.max)}, {"mean", null_or(l.mean)}};
}

void from_json(const Json& object, LatencySummary& l) {
  const Fields json(object);
  json.at("count").get_to(l.count);
  l.min = optional_at<double>(json, "min");
  l.p50 = optional_at<double>(json, "p50");
  l.p90 = optional_at<double>(json, "p90");
  l.p99 = optional_at<double>(json, "p99");
  l.p999 = optional_at<double>(json, "p999");
  l.p9999 = optional_if_there<double>(json, "p9999");
  l.max = optional_at<double>(json, "max");
  l.mean = optional_at<double>(json, "mean");
}

void to_json(Json& json, const SendTiming& timing) {
  json = {{"accepted_ns", timing.accepted},
          {"released_ns", null_or(timing.released)},
          {"held_peak", timing.held_peak}};
}

void from_json(const Json& object, SendTiming& timing) {
  const Fields json(object);
  json.at("accepted_ns").get_to(timing.accepted);
  timing.released = optional_at<LatencySummary>(json, "released_ns");
  json.at("held_peak").get_to(timing.held_peak);
}

void to_json(Json& json, const RequestFigures& requests) {
  json = {{"planned", requests.planned},
          {"unanswered", requests.unanswered},
          {"achieved_per_s", requests.achieved_per_s},
          {"overloaded", requests.overloaded},
          {"offered_per_s", null_or(requests.offered_per_s)},
          {"response_ns", requests.response},
          {"service_ns", requests.service},
          {"lateness_ns", null_or(requests.lateness)}};
  if (requests.histogram.empty()) return;
  Json& rows = json["histogram"] = Json::array();
  for (const HistogramBin& bin : requests.histogram) {
    rows.push_back({bin.lower_ns, bin.upper_ns, bin.count});
  }
}

void from_json(const Json& object, RequestFigures& requests) {
  const Fields json(object);
  json.at("planned").get_to(requests.planned);
  json.at("unanswered").get_to(requests.unanswered);
  json.at("achieved_per_s").get_to(requests.achieved_per_s);
  json.at("overloaded").get_to(requests.overloaded);
  requests.offered_per_s = optional_at<double>(json, "offered_per_s");
  json.at("response_ns").get_to(requests.response);
  json.at("service_ns").get_to(requests.service);
  requests.lateness = optional_at<LatencySummary>(json, "lateness_ns");
  requests.histogram.clear();
  if (!json.has("histogram")) return;
  for (const Json& row : object.at("histogram")) {
    requests.histogram.push_back({row.at(0).get<std::uint64_t>(), row.at(1).get<std::uint64_t>(),
                                  row.at(2).get<std::uint64_t>()});
  }
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
          {"requests", null_or(sample.requests)},
          {"arrivals", null_or(sample.arrivals)},
          {"send_timing", null_or(sample.send_timing)},
          {"server", sample.server},
          {"client", sample.client},
          {"zero_copy", null_or(sample.zero_copy)},
          {"sends", sample.sends},
          {"server_peak_rss_bytes", sample.server_peak_rss_bytes},
          {"marks", sample.marks},
          {"granted", sample.granted},
          {"effective", sample.effective}};
  if (sample.core_round_trip_ns) json["core_round_trip_ns"] = *sample.core_round_trip_ns;
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
  sample.requests = optional_if_there<RequestFigures>(json, "requests");
  sample.arrivals = optional_if_there<ArrivalCounts>(json, "arrivals");
  sample.send_timing = optional_if_there<SendTiming>(json, "send_timing");
  json.at("server").get_to(sample.server);
  json.at("client").get_to(sample.client);
  sample.zero_copy = optional_at<ZeroCopyCounts>(json, "zero_copy");
  json.at("sends").get_to(sample.sends);
  json.at("server_peak_rss_bytes").get_to(sample.server_peak_rss_bytes);
  json.at("marks").get_to(sample.marks);
  json.at("granted").get_to(sample.granted);
  json.at("effective").get_to(sample.effective);
  sample.core_round_trip_ns.reset();
  if (object.contains("core_round_trip_ns")) {
    sample.core_round_trip_ns = json.at("core_round_trip_ns").get<Reading>();
  }
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

void to_json(Json& json, const PlannedCase& planned) {
  json = {{"case", planned.the_case}, {"unavailable", null_or(planned.unavailable)}};
}

void from_json(const Json& object, PlannedCase& planned) {
  const Fields json(object);
  json.at("case").get_to(planned.the_case);
  planned.unavailable = text_or_empty(json.at("unavailable"));
}

void to_json(Json& json, const Plan& plan) {
  json = {{"schema", kSchema},   {"record", "plan"},    {"reps", plan.reps},  {"seed", plan.seed},
          {"until_ci", nullptr}, {"baseline", nullptr}, {"cases", plan.cases}};
  json["histogram"] = to_text(plan.histogram);
  json["counters"] = plan.counters;
  json["profile"] = to_text(plan.profile);
  if (!plan.until) return;
  json["until_ci"] = plan.until->half_width;
  json["baseline"] = null_or(plan.until->baseline);
}

void from_json(const Json& object, Plan& plan) {
  const Fields json(object);
  if (json.at("schema").get<unsigned>() != kSchema ||
      json.at("record").get<std::string>() != "plan") {
    refuse("not a plan of schema 1");
  }
  json.at("reps").get_to(plan.reps);
  json.at("seed").get_to(plan.seed);
  json.at("cases").get_to(plan.cases);
  plan.histogram = enum_at<Switch>(json, "histogram");
  if (json.has("counters")) json.at("counters").get_to(plan.counters);
  enum_if_there(json, "profile", plan.profile);
  plan.until.reset();
  const auto half_width = optional_at<double>(json, "until_ci");
  const std::string baseline = text_or_empty(json.at("baseline"));
  if (half_width) plan.until = StopRule{*half_width, baseline};
}

}  // namespace ub
