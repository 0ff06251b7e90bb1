#include "uringbench/protocol/protocol.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <limits>

#include "uringbench/model/or_unavailable.hpp"

namespace ub::protocol {
namespace {

Json metering_json(const Metering& metering) {
  return {{"counters", metering.counters},
          {"profile", to_text(metering.profile)},
          {"frequency_hz", metering.frequency_hz}};
}

Metering metering_from(const Json& json) {
  const auto text = json.at("profile").get<std::string>();
  const auto scope = from_text<ProfileScope>(text);
  if (!scope) {
    throw Json::other_error::create(501, "profile: '" + text + "' is not a known name", &json);
  }
  return {.counters = json.at("counters").get<std::vector<std::string>>(),
          .profile = *scope,
          .frequency_hz = Fields(json).at("frequency_hz").get<std::uint32_t>()};
}

}  // namespace

Json numbered(const char* type, std::uint64_t number) {
  Json json = message(type);
  json["number"] = number;
  return json;
}

std::vector<std::string> role_command(const std::string& name, int channel_fd) {
  return {"uringbench",
          "role",
          name,
          "--channel",
          fmt::format("{}", channel_fd),
          "--parent",
          fmt::format("{}", ::getpid())};
}

int process_id_at(const Json& json, const char* name) {
  const auto id = Fields(json).at(name).get<std::uint32_t>();
  if (id > std::numeric_limits<int>::max()) refuse(fmt::format("{}: {} is no process", name, id));
  return static_cast<int>(id);
}

Json message(const char* type) {
  return Json{{"type", type}};
}

Json endpoint_json(const net::Endpoint& endpoint) {
  return {{"address", endpoint.address}, {"port", endpoint.port}};
}

net::Endpoint endpoint_from(const Json& json) {
  return {json.at("address").get<std::string>(), Fields(json).at("port").get<std::uint16_t>()};
}

void to_json(Json& json, const Prepare& prepare) {
  json = {{"type", "prepare"},
          {"case", prepare.the_case},
          {"endpoint", endpoint_json(prepare.endpoint)},
          {"last_port", prepare.last_port},
          {"token", prepare.token},
          {"report_usage", prepare.report_usage},
          {"histogram", to_text(prepare.histogram)},
          {"seed", prepare.seed},
          {"metering", metering_json(prepare.metering)},
          {"server_id", prepare.server_id}};
}

void from_json(const Json& json, Prepare& prepare) {
  json.at("case").get_to(prepare.the_case);
  prepare.endpoint = endpoint_from(json.at("endpoint"));
  prepare.last_port = 0;
  Fields(json).get_if_there("last_port", prepare.last_port);
  prepare.token = json.value("token", "");
  json.at("report_usage").get_to(prepare.report_usage);
  const auto histogram = from_text<Switch>(json.at("histogram").get<std::string>());
  prepare.histogram = histogram.value_or(Switch::off);
  Fields(json).at("seed").get_to(prepare.seed);
  prepare.metering = metering_from(json.at("metering"));
  prepare.server_id = process_id_at(json, "server_id");
}

void to_json(Json& json, const Finished& finished) {
  json = {{"type", "finished"},
          {"snapshot", finished.snapshot},
          {"granted", finished.granted},
          {"effective", finished.effective}};
  if (finished.requests) json["requests"] = *finished.requests;
  if (finished.send_timing) json["send_timing"] = *finished.send_timing;
  put_optional(json, "profile", finished.profile);
}

void from_json(const Json& json, Finished& finished) {
  json.at("snapshot").get_to(finished.snapshot);
  json.at("granted").get_to(finished.granted);
  json.at("effective").get_to(finished.effective);
  if (json.contains("requests")) finished.requests = json.at("requests").get<RequestFigures>();
  if (json.contains("send_timing")) finished.send_timing = json.at("send_timing").get<SendTiming>();
  get_optional(json, "profile", finished.profile);
}

}  // namespace ub::protocol
