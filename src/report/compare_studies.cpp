#include "uringbench/report/compare_studies.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "cost_arms.hpp"
#include "harness.hpp"
#include "head.hpp"
#include "judge.hpp"
#include "noise_arm.hpp"
#include "uringbench/model/factor.hpp"

namespace ub::report {
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

std::vector<Titled> titled_rows(const record::Recording& recording) {
  const Plan plan = record::plan_of(recording);
  const std::vector<Block> blocks =
      arrange(part_of(plan, Purpose::comparison), part_of(recording.samples, Purpose::comparison));
  std::vector<Titled> rows;
  for (const Block& block : blocks) {
    for (const Row& row : block.rows) {
      if (!row.valid.empty()) rows.push_back({block_title(block, blocks), row});
    }
  }
  return rows;
}

const Titled* row_like(const std::vector<Titled>& rows, const Case& the_case) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const Titled& each) {
    return with_default_settings(each.row.the_case) == with_default_settings(the_case);
  });
  return found == rows.end() ? nullptr : &*found;
}

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
  for (const Sample& sample : row.valid) {
    const double cost = value_or(cost_of(sample, objective), 0);
    if (cost > 0) values.push_back(cost);
  }
  return values;
}

void match(StudyComparison& result, const std::vector<Titled>& a, const std::vector<Titled>& b) {
  for (const Titled& each : a) {
    const Titled* other = row_like(b, each.row.the_case);
    if (other == nullptr) {
      result.only_a.push_back(name_of(each));
      continue;
    }
    result.cases.push_back({mode_text(each.row.the_case), each.title,
                            objective_values(each.row, result.objective),
                            objective_values(other->row, result.objective), stats::Comparison{}});
  }
  for (const Titled& each : b) {
    if (row_like(a, each.row.the_case) == nullptr) result.only_b.push_back(name_of(each));
  }
}

Metric noise_metric(Objective objective) {
  switch (objective) {
    case Objective::server_cpu:
      return server_ns_per_message;
    case Objective::latency_p99:
      return latency_p99_ns;
    case Objective::throughput:
      break;
  }
  return message_rate;
}

/// All cases in one call: each is a chance of a false claim.
void judge_cases(StudyComparison& comparison, const CompareStudiesOptions& options,
                 const NoiseArm& noise_a, const NoiseArm& noise_b) {
  std::vector<stats::Arms> arms;
  for (const ComparedCase& each : comparison.cases) {
    const double floor =
        std::max(noise_a.floor_of_median(each.a.size()), noise_b.floor_of_median(each.b.size()));
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

StudyComparison compare_studies(const record::Recording& a, const record::Recording& b,
                                const CompareStudiesOptions& options) {
  StudyComparison result;
  result.objective = options.objective;
  result.environment = differences(a.environment.facts, b.environment.facts);
  match(result, titled_rows(a), titled_rows(b));
  const NoiseArm noise_a(a.samples, noise_metric(options.objective));
  const NoiseArm noise_b(b.samples, noise_metric(options.objective));
  judge_cases(result, options, noise_a, noise_b);
  const std::size_t blocks = most_repetitions(result.cases);
  result.noise = fmt::format("A {}; B {}", noise_a.text(blocks), noise_b.text(blocks));
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

}  // namespace ub::report
