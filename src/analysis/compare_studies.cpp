#include "uringbench/analysis/compare_studies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "compare_facts.hpp"
#include "uringbench/base/check.hpp"
#include "uringbench/model/factor.hpp"

namespace ub::analysis {
namespace {

/// A rate for throughput, a cost for all else.
Metric figure_of(Objective objective) {
  if (objective == Objective::latency_p99) {
    return [](const Sample& sample) { return cost_of(sample, Objective::latency_p99); };
  }
  return metric_of(objective);
}

std::vector<double> positive_values(const Row& row, Objective objective) {
  std::vector<double> values = values_of(row, figure_of(objective));
  std::erase_if(values, [](double value) { return !(value > 0); });
  return values;
}

std::size_t tried(const Row& row) {
  std::size_t count = row.valid.size();
  for (const Failure& failure : row.failures) count += failure.count;
  return count;
}

/// What happened most often to the repetitions that have no figure.
const Failure* main_failure(const Row& row) {
  const auto most =
      std::max_element(row.failures.begin(), row.failures.end(),
                       [](const Failure& x, const Failure& y) { return x.count < y.count; });
  return most == row.failures.end() ? nullptr : &*most;
}

std::string reason_of(const Failure& failure) {
  return failure.reason.empty() ? failure.status
                                : fmt::format("{}: {}", failure.status, failure.reason);
}

/// One study, its rows by what they have in common with those of another: all but the settings.
class IndexedStudy {
 public:
  IndexedStudy(std::string label, const StudyData& study, Objective objective)
      : label_(std::move(label)),
        objective_(objective),
        groups_(arrange(study.plan, study.samples, Purpose::comparison)),
        titles_(cases_of(groups_)) {
    for (const Group& group : groups_) {
      for (const Row& row : group.rows) {
        if (!rows_.try_emplace(with_default_settings(row.the_case), &row).second) continue;
        order_.push_back(&row);
        repetitions_ = std::max(repetitions_, tried(row));
      }
    }
  }

  IndexedStudy(const IndexedStudy&) = delete;  // its rows are found by address
  IndexedStudy& operator=(const IndexedStudy&) = delete;
  IndexedStudy(IndexedStudy&&) = default;
  IndexedStudy& operator=(IndexedStudy&&) = default;
  ~IndexedStudy() = default;

  [[nodiscard]] const std::vector<const Row*>& rows() const { return order_; }
  [[nodiscard]] std::string title_of(const Case& the_case) const { return titles_.of(the_case); }

  [[nodiscard]] const Row* find(const Case& key) const {
    const auto found = rows_.find(key);
    return found == rows_.end() ? nullptr : found->second;
  }

  /// Why this study has no figure of the case; nullopt if it has.
  [[nodiscard]] std::optional<Gap> gap(const Case& key) const {
    const Row* row = find(key);
    if (row == nullptr) return Gap{label_, "missing: its plan has no such case"};
    const std::size_t figures = positive_values(*row, objective_).size();
    const Failure* failure = main_failure(*row);
    if (figures == 0 && failure != nullptr) return Gap{label_, reason_of(*failure)};
    if (figures == 0) return Gap{label_, "unavailable: " + why_no_figure(*row)};
    if (2 * figures >= repetitions_) return std::nullopt;
    return Gap{label_,
               fmt::format("too few: {} of {} repetitions have a figure{}", figures, repetitions_,
                           failure ? "; others " + reason_of(*failure) : std::string())};
  }

  [[nodiscard]] bool is_unavailable(const Case& key) const {
    const Row* row = find(key);
    if (row == nullptr || !positive_values(*row, objective_).empty()) return false;
    return std::all_of(row->failures.begin(), row->failures.end(), [](const Failure& failure) {
      return failure.status == to_text(Status::unavailable);
    });
  }

 private:
  [[nodiscard]] std::string why_no_figure(const Row& row) const {
    if (row.valid.empty()) return "it was not run";
    const Reading reading = figure_of(objective_)(*row.valid.front());
    const auto* none = std::get_if<Unavailable>(&reading);
    return none != nullptr ? none->reason : fmt::format("its {} is 0", to_text(objective_));
  }

  std::string label_;
  Objective objective_;
  std::vector<Group> groups_;
  Titles titles_;
  std::unordered_map<Case, const Row*, CaseHash> rows_;
  std::vector<const Row*> order_;
  std::size_t repetitions_ = 0;
};

/// A, B, A, B … in the order of the pairs.
std::vector<IndexedStudy> index(const std::vector<StudyPair>& pairs, Objective objective) {
  std::vector<IndexedStudy> studies;
  studies.reserve(2 * pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const std::string number = pairs.size() == 1 ? "" : fmt::format("{}", i + 1);
    studies.emplace_back("A" + number, *pairs[i].a, objective);
    studies.emplace_back("B" + number, *pairs[i].b, objective);
  }
  return studies;
}

/// A case that some study has.
struct Candidate {
  Case key;
  std::string mode;
  std::string title;
};

std::vector<Candidate> candidates_of(const std::vector<IndexedStudy>& studies) {
  std::unordered_map<Case, bool, CaseHash> seen;
  std::vector<Candidate> candidates;
  for (const IndexedStudy& study : studies) {
    for (const Row* row : study.rows()) {
      const Case key = with_default_settings(row->the_case);
      if (!seen.try_emplace(key, true).second) continue;
      candidates.push_back({key, variant_and_batch(row->the_case), study.title_of(row->the_case)});
    }
  }
  return candidates;
}

/// The blocks that both programs have.
void add_blocks(ComparedCase& compared, const Row& a, const Row& b, Objective objective) {
  const Paired values = paired_values(a, b, figure_of(objective));
  compared.a = {values.a, positive_values(a, objective).size()};
  compared.b = {values.b, positive_values(b, objective).size()};
}

void add(ComparedSide& side, const std::vector<double>& values, StudyDesign design) {
  side.repetitions += values.size();
  if (design == StudyDesign::one_pair) {
    side.values = values;
  } else {
    side.values.push_back(ComparedSide{values, 0}.geometric_mean());
  }
}

void match(StudyComparison& result, const std::vector<IndexedStudy>& studies) {
  for (const Candidate& each : candidates_of(studies)) {
    MissingCase missing{fmt::format("{}, {}", each.mode, each.title), {}};
    bool unavailable = true;
    for (const IndexedStudy& study : studies) {
      if (auto gap = study.gap(each.key)) missing.gaps.push_back(std::move(*gap));
      unavailable = unavailable && study.is_unavailable(each.key);
    }
    if (!missing.gaps.empty()) {
      (unavailable ? result.unavailable : result.missing).push_back(std::move(missing));
      continue;
    }
    ComparedCase compared{each.mode, each.title, {}, {}, {}};
    if (result.design == StudyDesign::blocks) {
      add_blocks(compared, *studies[0].find(each.key), *studies[1].find(each.key),
                 result.objective);
      result.cases.push_back(std::move(compared));
      continue;
    }
    for (std::size_t i = 0; i < studies.size(); ++i) {
      const auto values = positive_values(*studies[i].find(each.key), result.objective);
      add(i % 2 == 0 ? compared.a : compared.b, values, result.design);
      result.blocks = std::max(result.blocks, values.size());
    }
    result.cases.push_back(std::move(compared));
  }
}

stats::Design design_of(StudyDesign design) {
  switch (design) {
    case StudyDesign::one_pair:
      return stats::Design::independent;
    case StudyDesign::pairs:
      return stats::Design::studies;
    case StudyDesign::blocks:
      break;
  }
  return stats::Design::paired;
}

/// All cases in one call: each is a chance of a false claim.
void judge_cases(StudyComparison& comparison) {
  std::vector<stats::Sides> sides;
  for (const ComparedCase& each : comparison.cases) {
    double floor = 0;
    if (comparison.design == StudyDesign::one_pair) {
      floor = std::max(comparison.noise_a.floor_of_median(each.a.repetitions),
                       comparison.noise_b.floor_of_median(each.b.repetitions));
    }
    sides.push_back({each.b.values, each.a.values, floor});
  }
  const bool rate = comparison.objective == Objective::throughput;
  const auto results =
      stats::compare(sides, {.better = rate ? stats::Better::higher : stats::Better::lower,
                             .design = design_of(comparison.design),
                             .min_effect = comparison.limit});
  for (std::size_t i = 0; i < results.size(); ++i) comparison.cases[i].result = results[i];
}

StudyComparison compare_by(StudyDesign design, const std::vector<StudyPair>& pairs,
                           const CompareStudiesOptions& options) {
  StudyComparison result;
  result.objective = options.objective;
  result.limit = options.min_effect;
  result.pairs = pairs.size();
  result.design = design;
  result.environment = compare_facts(pairs);
  result.facts = compare_case_facts(pairs);
  match(result, index(pairs, options.objective));
  if (!result.facts.no_speed.empty()) {
    result.cases.clear();  // their figures are no speeds
    return result;
  }
  if (design == StudyDesign::one_pair) {
    result.noise_a = noise_of(pairs.front().a->samples, metric_of(options.objective));
    result.noise_b = noise_of(pairs.front().b->samples, metric_of(options.objective));
  }
  judge_cases(result);
  return result;
}

}  // namespace

double ComparedSide::geometric_mean() const {
  double sum = 0;
  for (const double value : values) sum += std::log(value);
  return std::exp(sum / static_cast<double>(values.size()));
}

StudyComparison compare_studies(const std::vector<StudyPair>& pairs,
                                const CompareStudiesOptions& options) {
  check(!pairs.empty(), "at least one pair of studies is compared");
  return compare_by(pairs.size() == 1 ? StudyDesign::one_pair : StudyDesign::pairs, pairs, options);
}

StudyComparison compare_programs(const StudyPair& programs, const CompareStudiesOptions& options) {
  return compare_by(StudyDesign::blocks, {programs}, options);
}

}  // namespace ub::analysis
