// What the script of the page draws. Every number is of the analysis; keys are short, since there
// is one object for each row.
#include <algorithm>
#include <map>
#include <optional>

#include "html_parts.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/model/factor.hpp"

namespace ub::report::html {
namespace {

using analysis::Analysis;
using analysis::Group;
using analysis::Row;

const Case& case_of(const Group& group) {
  return group.rows.front().the_case;
}

/// A condition beside the size in which groups differ: the page has a selection for each.
struct Condition {
  const Factor* factor = nullptr;
  std::vector<std::string> values;
  Json numbers = Json::array();  ///< of `values`, where they are numbers
};

Json number_of(const Factor& factor, const Case& the_case) {
  Json json;
  factor.to_json(json, the_case);
  const auto found = json.find(std::string(factor.key));
  return found != json.end() && found->is_number() ? *found : Json(nullptr);
}

/// Whether the value of `factor` is told by that of one of `conditions`, as the transport is by the
/// link: then there is nothing to choose.
bool follows_from(const std::vector<Condition>& conditions, const Factor& factor,
                  const std::vector<Group>& groups) {
  return std::any_of(conditions.begin(), conditions.end(), [&](const Condition& other) {
    std::map<std::string, std::string> told;
    return std::all_of(groups.begin(), groups.end(), [&](const Group& group) {
      const std::string value = factor.print(case_of(group));
      const auto known = told.try_emplace(other.factor->print(case_of(group)), value).first;
      return known->second == value;
    });
  });
}

std::vector<Condition> conditions_of(const std::vector<Group>& groups) {
  std::vector<Condition> conditions;
  for (const Factor& factor : factors()) {
    if (factor.kind != FactorKind::condition || factor.key == "size_bytes" || factor.follows_size) {
      continue;
    }
    Condition condition{&factor, {}};
    for (const Group& group : groups) {
      const std::string value = factor.print(case_of(group));
      const auto known = std::find(condition.values.begin(), condition.values.end(), value);
      if (known != condition.values.end()) continue;
      condition.values.push_back(value);
      condition.numbers.push_back(number_of(factor, case_of(group)));
    }
    if (condition.values.size() > 1 && !follows_from(conditions, factor, groups)) {
      conditions.push_back(std::move(condition));
    }
  }
  return conditions;
}

/// The position of each condition's value.
Json place_of(const Case& the_case, const std::vector<Condition>& conditions) {
  Json place = Json::array();
  for (const Condition& each : conditions) {
    const auto found =
        std::find(each.values.begin(), each.values.end(), each.factor->print(the_case));
    place.push_back(found - each.values.begin());
  }
  return place;
}

/// [low, median, high], or null.
Json figure(const Row& row, analysis::Metric metric) {
  const auto spread = analysis::spread_of(row, metric);
  if (!spread) return nullptr;
  const auto interval = analysis::interval_of(row, metric);
  const double low = interval ? interval->low : spread->median;
  const double high = interval ? interval->high : spread->median;
  return {rounded(low), rounded(spread->median), rounded(high)};
}

/// Collects names and gives each a number.
class Numbered {
 public:
  std::size_t of(const std::string& name) {
    const auto [known, is_new] = numbers_.try_emplace(name, names_.size());
    if (is_new) names_.push_back(name);
    return known->second;
  }
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  std::map<std::string, std::size_t> numbers_;
  std::vector<std::string> names_;
};

class PageData {
 public:
  explicit PageData(const Shown& shown)
      : analysis_(shown.analysis),
        names_(analysis_.groups),
        conditions_(conditions_of(analysis_.groups)),
        requests_(has_requests(analysis_)) {
    collect_ways();
  }

  Json all() {
    Json conditions = Json::array();
    for (const Condition& each : conditions_) {
      conditions.push_back(
          {{"k", each.factor->key},
           {"n", each.factor->option.empty() ? each.factor->key : each.factor->option},
           {"v", each.values},
           {"x", each.numbers}});
    }
    const auto blocks = analysis::judged_of(analysis_.groups).blocks;
    return {{"requests", requests_},      {"ways", ways_},        {"conditions", conditions},
            {"groups", groups()},         {"rows", rows()},       {"crossings", crossings()},
            {"floor", floor(blocks)},     {"twins", twins()},     {"sentinel", sentinel()},
            {"categories", categories()}, {"ledgers", ledgers()}, {"flames", flames()},
            {"curves", curves()}};
  }

 private:
  void collect_ways() {
    std::map<std::string, Json>
        sorted;  // by name: a way has its colour whatever was measured first
    for (const Group& group : analysis_.groups) {
      for (const Row& row : group.rows) {
        if (row.valid.empty() || sends_nothing(row.the_case)) continue;
        const Case& c = row.the_case;
        sorted[names_.of(c)] = {
            {"n", names_.of(c)}, {"e", to_text(c.engine)}, {"f", to_text(c.family)}};
      }
    }
    for (const auto& [name, way] : sorted) {
      way_numbers_[name] = ways_.size();
      ways_.push_back(way);
    }
  }

  [[nodiscard]] Json way_of(const Case& the_case) const {
    const auto found = way_numbers_.find(names_.of(the_case));
    return found == way_numbers_.end() ? Json(nullptr) : Json(found->second);
  }

  [[nodiscard]] Json groups() const {
    Json all = Json::array();
    for (const Group& group : analysis_.groups) {
      const Row* baseline = group.baseline_row();
      all.push_back({{"t", place_title(group.title, case_of(group).size_bytes)},
                     {"s", case_of(group).size_bytes},
                     {"k", place_of(case_of(group), conditions_)},
                     {"b", baseline == nullptr ? Json(nullptr) : way_of(baseline->the_case)}});
    }
    return all;
  }

  [[nodiscard]] Json row_json(const Row& row, std::size_t group) const {
    using namespace analysis;
    Json json{{"g", group},
              {"w", way_of(row.the_case)},
              {"b", row.the_case.batch},
              {"y", figure(row, requests_ ? message_rate : throughput_gbps)},
              {"c", figure(row, requests_ ? cpu_ns_per_message : cpu_ns_per_byte)},
              {"cs", figure(row, requests_ ? server_ns_per_message : server_ns_per_byte)}};
    if (row.against_baseline && row.against_baseline->ratio) {
      const stats::Comparison& result = *row.against_baseline;
      json["r"] = {rounded(result.ratio->low), rounded(result.ratio->value),
                   rounded(result.ratio->high)};
      json["v"] = stats::to_text(result.verdict);
      json["th"] = rounded(result.threshold);
    }
    const auto add = [&](const char* name, Metric metric) {
      if (Json value = figure(row, metric); !value.is_null()) json[name] = std::move(value);
    };
    add("p50", latency_p50_us);
    add("p99", latency_p99_us);
    add("f50", release_p50_us);
    add("f99", release_p99_us);
    add("held", held_peak_bytes);
    add("waits", waits_per_operation);
    const bool compared = analysis_.groups[group].compares_buffers;
    if (compared && json.contains("f50")) json["buf"] = buffers_of(row.the_case);
    return json;
  }

  [[nodiscard]] Json rows() const {
    Json all = Json::array();
    for (std::size_t i = 0; i < analysis_.groups.size(); ++i) {
      for (const Row& row : analysis_.groups[i].rows) {
        if (row.valid.empty() || sends_nothing(row.the_case)) continue;
        all.push_back(row_json(row, i));
      }
    }
    return all;
  }

  [[nodiscard]] Json crossings() const {
    Json all = Json::array();
    for (const analysis::CrossoverGroup& group : analysis_.crossovers) {
      for (const analysis::PairCrossover& pair : group.pairs) {
        for (const stats::Crossing& each : pair.found.crossings) {
          const bool a_below = each.cheaper_below == stats::Side::a;
          all.push_back({{"o", to_text(group.objective)},
                         {"k", place_of(group.example, conditions_)},
                         {"below", a_below ? pair.a : pair.b},
                         {"from", a_below ? pair.b : pair.a},
                         {"s",
                          {rounded(each.size_bytes.low), rounded(each.size_bytes.value),
                           rounded(each.size_bytes.high)}},
                         {"in", {each.below_bytes, each.above_bytes}}});
        }
      }
    }
    return all;
  }

  [[nodiscard]] Json floor(std::size_t blocks) const {
    const auto found = analysis_.noise.floor(std::max<std::size_t>(blocks, 1));
    return found ? rounded(found->of_median) : Json(nullptr);
  }

  [[nodiscard]] Json twins() const {
    Json all = Json::array();
    for (const double each : analysis_.noise.log_ratios) all.push_back(rounded(each));
    return all;
  }

  [[nodiscard]] Json sentinel() const {
    Json all = Json::array();
    if (!analysis_.drift) return all;
    for (const double each : analysis_.drift->values) all.push_back(rounded(each));
    return all;
  }

  static Json categories() {
    Json all = Json::array();
    for (const Category each : all_categories()) all.push_back(label(each));
    return all;
  }

  static std::size_t number(Category category) {
    const auto all = all_categories();
    return static_cast<std::size_t>(std::find(all.begin(), all.end(), category) - all.begin());
  }

  /// [[category, ns, half], …] of those that cost something.
  static Json costs(const analysis::RoleCosts& role) {
    if (!role.missing.empty()) return role.missing;
    Json all = Json::array();
    for (const auto& [category, cost] : role.per_message) {
      if (cost.ns > 0) all.push_back({number(category), rounded(cost.ns), rounded(cost.half)});
    }
    return all;
  }

  static Json differences(const std::vector<analysis::CategoryDifference>& all) {
    Json json = Json::array();
    for (const analysis::CategoryDifference& each : all) {
      json.push_back({number(each.category), rounded(each.difference.ns),
                      rounded(each.difference.half), each.shown() ? 1 : 0});
    }
    return json;
  }

  [[nodiscard]] Json ledger(const analysis::LedgerGroup& group) const {
    Json cases = Json::array();
    for (const analysis::CaseLedger& each : group.cases) {
      cases.push_back({{"n", names_.of(each.the_case)},
                       {"w", way_of(each.the_case)},
                       {"server", costs(each.server)},
                       {"client", costs(each.client)},
                       {"total", {rounded(each.server.total_ns), rounded(each.client.total_ns)}}});
    }
    Json pairs = Json::array();
    for (const analysis::LedgerPair& each : group.pairs) {
      pairs.push_back({{"a", each.a},
                       {"b", each.b},
                       {"server", differences(each.server)},
                       {"client", differences(each.client)}});
    }
    const Case& example = group.cases.front().the_case;
    return {{"t", place_title(group.title, example.size_bytes)},
            {"s", example.size_bytes},
            {"k", place_of(example, conditions_)},
            {"cases", cases},
            {"pairs", pairs}};
  }

  [[nodiscard]] Json ledgers() const {
    Json all = Json::array();
    for (const analysis::LedgerGroup& group : analysis_.ledgers) all.push_back(ledger(group));
    return all;
  }

  static Json node(const analysis::FlameNode& each, Numbered& frames) {
    Json costs = Json::array();
    for (const double ns : each.ns_per_message) costs.push_back(rounded(ns));
    Json json{frames.of(each.frame), std::move(costs)};
    if (each.callees.empty()) return json;
    Json callees = Json::array();
    for (const analysis::FlameNode& callee : each.callees) callees.push_back(node(callee, frames));
    json.push_back(std::move(callees));
    return json;
  }

  [[nodiscard]] Json flames() const {
    Numbered frames;
    Json trees = Json::array();
    for (const analysis::FlameGroup& each : analysis_.flames) {
      trees.push_back({{"t", place_title(each.title, each.size_bytes)},
                       {"role", each.role},
                       {"ways", each.variants},
                       {"root", node(each.root, frames)}});
    }
    return {{"frames", frames.names()}, {"trees", trees}};
  }

  [[nodiscard]] std::size_t group_of(const std::string& title) const {
    const auto found = std::find_if(analysis_.groups.begin(), analysis_.groups.end(),
                                    [&](const Group& group) { return group.title == title; });
    return static_cast<std::size_t>(found - analysis_.groups.begin());
  }

  [[nodiscard]] Json curves() const {
    Json all = Json::array();
    for (const analysis::LatencyCurve& each : analysis_.latency_curves) {
      Json points = Json::array();
      for (const analysis::LatencyPoint& point : each.points) {
        points.push_back({point.quantile, rounded(point.ns)});
      }
      Json bins = Json::array();
      for (const HistogramBin& bin : each.bins) {
        bins.push_back({bin.lower_ns, bin.upper_ns, bin.count});
      }
      all.push_back({{"g", group_of(each.title)},
                     {"w", way_of(each.the_case)},
                     {"n", each.count},
                     {"p", points},
                     {"h", bins}});
    }
    return all;
  }

  const Analysis& analysis_;
  WayNames names_;
  std::vector<Condition> conditions_;
  bool requests_;
  std::map<std::string, std::size_t> way_numbers_;
  Json ways_ = Json::array();
};

}  // namespace

WayNames::WayNames(const std::vector<Group>& groups) {
  std::optional<std::uint32_t> first;
  for (const Group& group : groups) {
    std::map<std::string, std::uint32_t> batched;
    for (const Row& row : group.rows) {
      if (row.valid.empty() || sends_nothing(row.the_case)) continue;
      const std::uint32_t batch = row.the_case.batch;
      if (!first) first = batch;
      batches_differ_ = batches_differ_ || batch != *first;
      if (batch == 1) continue;
      const auto known = batched.try_emplace(variant_name(row.the_case), batch).first;
      several_at_a_place_ = several_at_a_place_ || known->second != batch;
    }
  }
}

std::string place_title(const std::string& title, std::uint64_t size_bytes) {
  const std::string size = "size " + format_size(size_bytes);
  const auto at = title.find(size);
  if (at == std::string::npos) return title;
  return std::string(title).replace(at, size.size(), "size " + size_label(size_bytes));
}

std::string place_of(const Group& group) {
  return place_title(group.title, case_of(group).size_bytes);
}

std::string median_text(const Row& row, analysis::Metric metric) {
  const auto found = analysis::spread_of(row, metric);
  return found ? figure_text(found->median) : kNone;
}

std::string WayNames::of(const Case& the_case) const {
  std::string name = variant_name(the_case);
  if (!batches_differ_ || the_case.batch == 1) return name;
  return several_at_a_place_ ? name + " ×" + std::to_string(the_case.batch) : name + " batched";
}

bool has_requests(const Analysis& analysis) {
  return std::any_of(analysis.groups.begin(), analysis.groups.end(), [](const Group& group) {
    return std::any_of(group.rows.begin(), group.rows.end(), [](const Row& row) {
      return !row.valid.empty() && row.valid.front()->latency.has_value();
    });
  });
}

Json page_data(const Shown& shown) {
  return PageData(shown).all();
}

}  // namespace ub::report::html
