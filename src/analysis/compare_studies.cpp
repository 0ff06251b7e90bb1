#include "uringbench/analysis/compare_studies.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "uringbench/model/factor.hpp"

namespace ub::analysis {
namespace {

/// Of a fact that one of the two studies did not record.
constexpr const char* kNotRecorded = "not recorded";

/// Never alike and no property of the machine.
constexpr std::string_view kLoad = "load_average";

std::string fact_of(const Facts& facts, const std::string& name) {
  const auto found = facts.find(name);
  return found == facts.end() ? kNotRecorded : found->second;
}

std::vector<std::string> items_of(const std::string& fact) {
  constexpr std::string_view kSeparator = "; ";
  std::vector<std::string> items;
  std::size_t begin = 0;
  for (std::size_t end = fact.find(kSeparator); end != std::string::npos;
       end = fact.find(kSeparator, begin)) {
    items.push_back(fact.substr(begin, end - begin));
    begin = end + kSeparator.size();
  }
  items.push_back(fact.substr(begin));
  return items;
}

/// Of a fact that is a list ("meltdown: Not affected; retbleed: Vulnerable") the items that the
/// other has not: all of them would hide the one that counts.
std::string own_items(const std::string& fact, const std::string& other) {
  const std::vector<std::string> others = items_of(other);
  std::vector<std::string> own;
  for (const std::string& item : items_of(fact)) {
    if (std::find(others.begin(), others.end(), item) == others.end()) own.push_back(item);
  }
  return own.empty() ? "-" : fmt::format("{}", fmt::join(own, "; "));
}

std::vector<FactDifference> differences(const Facts& a, const Facts& b) {
  std::set<std::string> names;
  for (const auto& [name, text] : a) names.insert(name);
  for (const auto& [name, text] : b) names.insert(name);
  std::vector<FactDifference> result;
  for (const std::string& name : names) {
    const std::string in_a = fact_of(a, name);
    const std::string in_b = fact_of(b, name);
    if (name == kLoad || in_a == in_b) continue;
    result.push_back({name, own_items(in_a, in_b), own_items(in_b, in_a)});
  }
  return result;
}

/// The comparison of one study, with the title that each of its blocks would have.
struct Titled {
  std::string title;
  Row row;
};

std::vector<Titled> titled_rows(const StudyData& study) {
  const std::vector<Group> groups = arrange(study.plan, study.samples, Purpose::comparison);
  const Titles titles(cases_of(groups));
  std::vector<Titled> rows;
  for (const Group& group : groups) {
    const std::string title = titles.of(group.rows.front().the_case);
    for (const Row& row : group.rows) {
      if (!row.valid.empty()) rows.push_back({title, row});
    }
  }
  return rows;
}

/// The rows of a study by what they have in common with those of another: all but the settings.
class Index {
 public:
  explicit Index(const std::vector<Titled>& rows) {
    for (const Titled& each : rows) {
      rows_.try_emplace(with_default_settings(each.row.the_case), &each);
    }
  }

  [[nodiscard]] const Titled* find(const Case& the_case) const {
    const auto found = rows_.find(with_default_settings(the_case));
    return found == rows_.end() ? nullptr : found->second;
  }

 private:
  std::unordered_map<Case, const Titled*, CaseHash> rows_;
};

std::string mode_text(const Case& the_case) {
  if (the_case.batch == 1) return variant_name(the_case);
  return fmt::format("{} x{}", variant_name(the_case), the_case.batch);
}

std::string name_of(const Titled& each) {
  return fmt::format("{}, {}", mode_text(each.row.the_case), each.title);
}

/// A rate for throughput, a cost for all else.
std::vector<double> objective_values(const Row& row, Objective objective) {
  if (objective == Objective::throughput) return values_of(row, message_rate);
  std::vector<double> values;
  for (const Sample* sample : row.valid) {
    const double cost = value_or(cost_of(*sample, objective), 0);
    if (cost > 0) values.push_back(cost);
  }
  return values;
}

void match(StudyComparison& result, const std::vector<Titled>& a, const std::vector<Titled>& b) {
  const Index in_a(a);
  const Index in_b(b);
  for (const Titled& each : a) {
    const Titled* other = in_b.find(each.row.the_case);
    if (other == nullptr) {
      result.only_a.push_back(name_of(each));
      continue;
    }
    result.cases.push_back({mode_text(each.row.the_case), each.title,
                            objective_values(each.row, result.objective),
                            objective_values(other->row, result.objective), stats::Comparison{}});
  }
  for (const Titled& each : b) {
    if (in_a.find(each.row.the_case) == nullptr) result.only_b.push_back(name_of(each));
  }
}

/// All cases in one call: each is a chance of a false claim.
void judge_cases(StudyComparison& comparison, const CompareStudiesOptions& options) {
  std::vector<stats::Arms> arms;
  for (const ComparedCase& each : comparison.cases) {
    const double floor = std::max(comparison.noise_a.floor_of_median(each.a.size()),
                                  comparison.noise_b.floor_of_median(each.b.size()));
    arms.push_back({each.b, each.a, floor});
  }
  const bool rate = options.objective == Objective::throughput;
  const auto results =
      stats::compare(arms, {.better = rate ? stats::Better::higher : stats::Better::lower,
                            .design = stats::Design::independent,
                            .min_effect = options.min_effect});
  for (std::size_t i = 0; i < results.size(); ++i) comparison.cases[i].result = results[i];
}

std::size_t most_repetitions(const std::vector<ComparedCase>& cases) {
  std::size_t most = 0;
  for (const ComparedCase& each : cases) most = std::max({most, each.a.size(), each.b.size()});
  return most;
}

}  // namespace

StudyComparison compare_studies(const StudyData& a, const StudyData& b,
                                const CompareStudiesOptions& options) {
  StudyComparison result;
  result.objective = options.objective;
  result.environment = differences(a.environment.facts, b.environment.facts);
  match(result, titled_rows(a), titled_rows(b));
  result.noise_a = noise_of(a.samples, metric_of(options.objective));
  result.noise_b = noise_of(b.samples, metric_of(options.objective));
  judge_cases(result, options);
  result.blocks = most_repetitions(result.cases);
  return result;
}

CompareOutcome outcome_of(const StudyComparison& comparison) {
  bool decided = false;
  for (const ComparedCase& each : comparison.cases) {
    if (each.result.verdict == stats::Verdict::slower) return CompareOutcome::slower;
    decided = decided || each.result.verdict != stats::Verdict::undecided;
  }
  return decided ? CompareOutcome::not_slower : CompareOutcome::nothing;
}

std::string_view to_text(CompareOutcome outcome) {
  switch (outcome) {
    case CompareOutcome::not_slower:
      return "not_slower";
    case CompareOutcome::slower:
      return "slower";
    case CompareOutcome::nothing:
      break;
  }
  return "nothing";
}

}  // namespace ub::analysis
