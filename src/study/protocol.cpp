#include "protocol.hpp"

namespace ub::study {

Json message(const char* type) {
  return Json{{"type", type}};
}

Json endpoint_json(const net::Endpoint& endpoint) {
  return {{"address", endpoint.address}, {"port", endpoint.port}};
}

net::Endpoint endpoint_from(const Json& json) {
  return {json.at("address").get<std::string>(), json.at("port").get<std::uint16_t>()};
}

void to_json(Json& json, const Prepare& prepare) {
  json = {{"type", "prepare"},
          {"case", prepare.the_case},
          {"endpoint", endpoint_json(prepare.endpoint)},
          {"report_usage", prepare.report_usage},
          {"histogram", to_text(prepare.histogram)},
          {"seed", prepare.seed},
          {"server_id", prepare.server_id}};
}

void from_json(const Json& json, Prepare& prepare) {
  json.at("case").get_to(prepare.the_case);
  prepare.endpoint = endpoint_from(json.at("endpoint"));
  json.at("report_usage").get_to(prepare.report_usage);
  const auto histogram = from_text<Switch>(json.at("histogram").get<std::string>());
  prepare.histogram = histogram.value_or(Switch::off);
  json.at("seed").get_to(prepare.seed);
  json.at("server_id").get_to(prepare.server_id);
}

void to_json(Json& json, const Finished& finished) {
  json = {{"type", "finished"},
          {"snapshot", finished.snapshot},
          {"granted", finished.granted},
          {"effective", finished.effective}};
  if (finished.requests) json["requests"] = *finished.requests;
  if (finished.send_timing) json["send_timing"] = *finished.send_timing;
}

void from_json(const Json& json, Finished& finished) {
  json.at("snapshot").get_to(finished.snapshot);
  json.at("granted").get_to(finished.granted);
  json.at("effective").get_to(finished.effective);
  if (json.contains("requests")) finished.requests = json.at("requests").get<RequestFigures>();
  if (json.contains("send_timing")) finished.send_timing = json.at("send_timing").get<SendTiming>();
}

}  // namespace ub::study
