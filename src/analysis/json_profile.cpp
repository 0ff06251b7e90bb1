// JSON of latency curves, ledgers and call trees.
#include "uringbench/analysis/json.hpp"

namespace ub::analysis {
namespace {

Json node_json(const FlameNode& node) {
  Json callees = Json::array();
  for (const FlameNode& each : node.callees) callees.push_back(node_json(each));
  return {{"frame", node.frame}, {"ns_per_message", node.ns_per_message}, {"callees", callees}};
}

Json curve_json_of(const LatencyCurve& curve) {
  Json points = Json::array();
  for (const LatencyPoint& each : curve.points) points.push_back({each.quantile, each.ns});
  Json bins = Json::array();
  for (const HistogramBin& each : curve.bins) {
    bins.push_back({each.lower_ns, each.upper_ns, each.count});
  }
  return {{"title", curve.title},    {"variant", variant_name(curve.the_case)},
          {"requests", curve.count}, {"repetitions", curve.repetitions},
          {"quantiles_ns", points},  {"bins_ns", bins}};
}

Json case_ledger_json(const CaseLedger& each) {
  return {{"variant", variant_name(each.the_case)},
          {"server", role_json(each.server)},
          {"client", role_json(each.client)}};
}

Json ledger_group_json(const LedgerGroup& group) {
  Json cases = Json::array();
  for (const CaseLedger& each : group.cases) cases.push_back(case_ledger_json(each));
  Json pairs = Json::array();
  for (const LedgerPair& each : group.pairs) {
    pairs.push_back({{"a", variant_name(group.cases[each.a].the_case)},
                     {"b", variant_name(group.cases[each.b].the_case)},
                     {"server", differences_json(each.server)},
                     {"client", differences_json(each.client)}});
  }
  return {{"title", group.title}, {"cases", cases}, {"pairs", pairs}};
}

}  // namespace

Json latency_curves_json(const std::vector<LatencyCurve>& curves) {
  Json all = Json::array();
  for (const LatencyCurve& each : curves) all.push_back(curve_json_of(each));
  return all;
}

Json ledgers_json(const std::vector<LedgerGroup>& groups) {
  Json all = Json::array();
  for (const LedgerGroup& each : groups) all.push_back(ledger_group_json(each));
  return all;
}

Json flames_json(const std::vector<FlameGroup>& groups) {
  Json all = Json::array();
  for (const FlameGroup& each : groups) {
    all.push_back({{"title", each.title},
                   {"role", each.role},
                   {"variants", each.variants},
                   {"root", node_json(each.root)}});
  }
  return all;
}

}  // namespace ub::analysis
