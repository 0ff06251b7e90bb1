// Cases and plans as JSON.
#include "fields.hpp"
#include "uringbench/model/json.hpp"

namespace ub {

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
  json["working_set_asked_bytes"] = c.working_set_asked_bytes;
  json["notify"] = to_text(c.notify.when);
  json["notify_buffers"] = c.notify.buffers;
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
  json.get_if_there("working_set_asked_bytes", c.working_set_asked_bytes);
  enum_if_there(json, "notify", c.notify.when);
  json.get_if_there("notify_buffers", c.notify.buffers);
  json.get_if_there("mtu_bytes", c.device.mtu_bytes);
  enum_if_there(json, "link_offloads", c.device.offloads);
  json.get_if_there("link_delay_ns", c.device.delay_ns);
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
