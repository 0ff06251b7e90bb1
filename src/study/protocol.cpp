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
          {"report_usage", prepare.report_usage}};
}

void from_json(const Json& json, Prepare& prepare) {
  json.at("case").get_to(prepare.the_case);
  prepare.endpoint = endpoint_from(json.at("endpoint"));
  json.at("report_usage").get_to(prepare.report_usage);
}

void to_json(Json& json, const Finished& finished) {
  json = {{"type", "finished"},
          {"snapshot", finished.snapshot},
          {"granted", finished.granted},
          {"effective", finished.effective}};
}

void from_json(const Json& json, Finished& finished) {
  json.at("snapshot").get_to(finished.snapshot);
  json.at("granted").get_to(finished.granted);
  json.at("effective").get_to(finished.effective);
}

}  // namespace ub::study
