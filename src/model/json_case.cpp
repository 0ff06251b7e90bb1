// Cases and plans as JSON.
#include "uringbench/model/factor.hpp"
#include "uringbench/model/json.hpp"

namespace ub {

void to_json(Json& json, const Case& c) {
  json = {{"mode", mode_name(c)}, {"purpose", to_text(c.purpose)}};
  for (const Factor& factor : factors()) {
    if (factor.recorded_when_idle || factor.idle_reason(c).empty()) factor.to_json(json, c);
  }
}

void from_json(const Json& object, Case& c) {
  const Fields json(object);
  for (const Factor& factor : factors()) {
    if (factor.always_recorded || json.has(factor.key.data())) factor.from_json(json, c);
  }
  c.purpose = enum_at<Purpose>(json, "purpose");
}

void to_json(Json& json, const Environment& environment) {
  json = {{"schema", kSchema},
          {"record", "environment"},
          {"seed", environment.seed},
          {"facts", environment.facts}};
  if (!environment.ends) return;
  json["ends"] = {{"server", environment.ends->server}, {"load", environment.ends->load}};
}

void from_json(const Json& object, Environment& environment) {
  const Fields json(object);
  if (json.at("schema").get<unsigned>() != kSchema ||
      json.at("record").get<std::string>() != "environment") {
    refuse("not an environment of schema 1");
  }
  json.at("seed").get_to(environment.seed);
  json.at("facts").get_to(environment.facts);
  environment.ends.reset();
  if (!object.contains("ends")) return;
  const Json& ends = object.at("ends");
  environment.ends =
      Ends{ends.at("server").get<Facts>(), ends.at("load").get<std::vector<Facts>>()};
}

void to_json(Json& json, const PlannedCase& planned) {
  json = {{"case", planned.the_case}, {"unavailable", null_or(planned.unavailable)}};
}

void from_json(const Json& object, PlannedCase& planned) {
  const Fields json(object);
  json.at("case").get_to(planned.the_case);
  planned.unavailable = text_or_empty(json.at("unavailable"));
}

namespace {

Json hosts_json(const Hosts& hosts) {
  return {{"server", hosts.server},
          {"load", Json::array({hosts.load})},
          {"data_address", null_or(hosts.data_address)},
          {"remote_program", null_or(hosts.remote_program)},
          {"data_ports", {hosts.first_port, hosts.last_port}}};
}

Hosts hosts_from(const Json& object) {
  const Fields json(object);
  Hosts hosts;
  json.at("server").get_to(hosts.server);
  object.at("load").at(0).get_to(hosts.load);
  hosts.data_address = text_or_empty(json.at("data_address"));
  hosts.remote_program = text_or_empty(json.at("remote_program"));
  object.at("data_ports").at(0).get_to(hosts.first_port);
  object.at("data_ports").at(1).get_to(hosts.last_port);
  return hosts;
}

}  // namespace

void to_json(Json& json, const Plan& plan) {
  json = {{"schema", kSchema},   {"record", "plan"},    {"reps", plan.reps},  {"seed", plan.seed},
          {"until_ci", nullptr}, {"baseline", nullptr}, {"cases", plan.cases}};
  json["histogram"] = to_text(plan.histogram);
  json["counters"] = plan.counters;
  json["profile"] = to_text(plan.profile);
  if (!on_one_machine(plan.hosts)) json["hosts"] = hosts_json(plan.hosts);
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
  if (plan.reps == 0) refuse("reps: a plan has one repetition at least");
  json.at("seed").get_to(plan.seed);
  json.at("cases").get_to(plan.cases);
  plan.histogram = enum_at<Switch>(json, "histogram");
  if (json.has("counters")) json.at("counters").get_to(plan.counters);
  enum_if_there(json, "profile", plan.profile);
  plan.hosts = json.has("hosts") ? hosts_from(object.at("hosts")) : Hosts{};
  plan.until.reset();
  const auto half_width = optional_at<double>(json, "until_ci");
  const std::string baseline = text_or_empty(json.at("baseline"));
  if (half_width) plan.until = StopRule{*half_width, baseline};
}

}  // namespace ub
