// Samples as JSON.
#include "uringbench/model/json.hpp"
#include "uringbench/model/json_fields.hpp"

namespace ub {

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
  json = {{"accepted_ns", timing.accepted}, {"released_ns", null_or(timing.released)}};
  add_to_json(json, timing.held);
}

void from_json(const Json& object, SendTiming& timing) {
  const Fields json(object);
  json.at("accepted_ns").get_to(timing.accepted);
  timing.released = optional_at<LatencySummary>(json, "released_ns");
  object.get_to(timing.held);
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
    const auto number = [&row](std::size_t i) {
      return Field(row.at(i), "histogram").get<std::uint64_t>();
    };
    requests.histogram.push_back({number(0), number(1), number(2)});
  }
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
  if (!sample.put_aside.empty()) json["put_aside"] = sample.put_aside;
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
  sample.put_aside = object.value("put_aside", std::vector<std::string>());
  json.at("granted").get_to(sample.granted);
  json.at("effective").get_to(sample.effective);
  sample.core_round_trip_ns.reset();
  if (object.contains("core_round_trip_ns")) {
    sample.core_round_trip_ns = json.at("core_round_trip_ns").get<Reading>();
  }
}

}  // namespace ub
