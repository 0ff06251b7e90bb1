// Two studies side by side, for people.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "group.hpp"
#include "layout.hpp"
#include "renders.hpp"
#include "writing.hpp"

namespace ub::report {
namespace {

using analysis::ComparedCase;
using analysis::ComparedFacts;
using analysis::CompareOutcome;
using analysis::FactDifference;
using analysis::MissingCase;
using analysis::Objective;
using analysis::StudyComparison;
using analysis::StudyDesign;
using stats::Verdict;

constexpr Indent kNote{.first = 0, .rest = 2};

Page unknown_text(const std::vector<std::string>& unknown) {
  if (unknown.empty()) return {};
  return paragraph(fmt::format("not known of A and B: {}", fmt::join(unknown, ", ")), kNote);
}

Page environment_text(const ComparedFacts& environment) {
  Page unknown = unknown_text(environment.unknown);
  if (environment.differences.empty()) {
    const char* but = unknown.empty() ? "" : ", as far as they are known";
    return paragraph(fmt::format("The environments of A and B are alike{}.", but)) +
           std::move(unknown);
  }
  constexpr std::size_t kLeastFact = 20;
  Table table;
  table.columns = {{"environment", Align::left, kLeastFact},
                   {"A", Align::left, kLeastFact},
                   {"B", Align::left, kLeastFact}};
  for (const FactDifference& each : environment.differences) {
    table.rows.push_back({{each.name, each.a, each.b}, ""});
  }
  return Page(std::move(table)) + unknown;
}

const char* unit_of(Objective objective) {
  switch (objective) {
    case Objective::throughput:
      return "msgs/s";
    case Objective::cpu:
      return "CPU\nns/msg";
    case Objective::latency_p50:
      return "p50 ns";
    case Objective::latency_p99:
      return "p99 ns";
  }
  return "";
}

std::string mean_text(const analysis::ComparedSide& side, Objective objective) {
  const double mean = side.geometric_mean();
  return objective == Objective::throughput ? short_count(mean) : short_number(mean);
}

std::string reps_text(const ComparedCase& each) {
  return fmt::format("{}/{}", each.a.repetitions, each.b.repetitions);
}

TableRow row_of(const ComparedCase& each, Objective objective) {
  const auto& ratio = each.result.ratio;
  return {{each.mode, mean_text(each.a, objective), mean_text(each.b, objective), reps_text(each),
           ratio ? ratio_number(ratio->value) : kNone, ratio ? interval_text(*ratio) : kNone,
           std::string(to_text(each.result.verdict))},
          ""};
}

/// One pair says what happened, not what would happen again.
const char* verdict_head(const StudyComparison& comparison) {
  return comparison.design == StudyDesign::one_pair ? "B was" : "B is";
}

Page cases_text(const StudyComparison& comparison) {
  constexpr std::size_t kLeastMode = 12;
  const std::string unit = unit_of(comparison.objective);
  Page out;
  for (auto first = comparison.cases.begin(); first != comparison.cases.end();) {
    const auto last = std::find_if(first, comparison.cases.end(), [&](const ComparedCase& each) {
      return each.title != first->title;
    });
    Table table;
    table.columns = {{"mode", Align::left, kLeastMode},
                     {"A " + unit},
                     {"B " + unit},
                     {"reps\nA/B"},
                     {"B/A"},
                     {"interval"},
                     {verdict_head(comparison), Align::left}};
    for (auto each = first; each != last; ++each) {
      table.rows.push_back(row_of(*each, comparison.objective));
    }
    out += '\n' + paragraph(first->title) + Page(std::move(table));
    first = last;
  }
  return out;
}

std::string gaps_text(const MissingCase& missing) {
  std::string text;
  for (const analysis::Gap& gap : missing.gaps) {
    text += fmt::format("{}{} {}", text.empty() ? "" : "; ", gap.study, gap.reason);
  }
  return text;
}

Page missing_text(std::string_view head, const std::vector<MissingCase>& cases) {
  if (cases.empty()) return {};
  constexpr std::size_t kMostNamed = 8;
  Page text;
  for (std::size_t i = 0; i < std::min(cases.size(), kMostNamed); ++i) {
    text += paragraph(fmt::format("{}: {}: {}", head, cases[i].name, gaps_text(cases[i])), kNote);
  }
  if (cases.size() <= kMostNamed) return text;
  return text + paragraph(fmt::format("{}: and {} more", head, cases.size() - kMostNamed), kNote);
}

std::size_t count(const StudyComparison& comparison, Verdict verdict) {
  return static_cast<std::size_t>(
      std::count_if(comparison.cases.begin(), comparison.cases.end(),
                    [&](const ComparedCase& each) { return each.result.verdict == verdict; }));
}

Page summary(const StudyComparison& comparison) {
  if (comparison.cases.empty()) return "No case has valid samples in all studies.\n";
  std::vector<std::string> parts;
  for (const Verdict verdict :
       {Verdict::faster, Verdict::slower, Verdict::same, Verdict::undecided}) {
    const std::size_t number = count(comparison, verdict);
    if (number > 0) parts.push_back(fmt::format("{} {}", number, to_text(verdict)));
  }
  return paragraph(fmt::format("B against A, {} case{}: {}", comparison.cases.size(),
                               comparison.cases.size() == 1 ? "" : "s", fmt::join(parts, ", ")));
}

/// The cases that made the outcome, the first of them by name.
std::string cases_that_are(const StudyComparison& comparison, CompareOutcome outcome) {
  constexpr std::size_t kMostNamed = 3;
  std::vector<std::string> names;
  for (const ComparedCase& each : comparison.cases) {
    if (outcome_of(comparison, each) != outcome) continue;
    names.push_back(fmt::format("{}, {}", each.mode, each.title));
  }
  const std::size_t named = std::min(names.size(), kMostNamed);
  const std::string more =
      names.size() > named ? fmt::format("; and {} more", names.size() - named) : "";
  names.resize(named);
  return fmt::format("{}{}", fmt::join(names, "; "), more);
}

Page outcome_text(const StudyComparison& comparison) {
  const std::string limit = percent(comparison.limit);
  const CompareOutcome outcome = outcome_of(comparison);
  switch (outcome) {
    case CompareOutcome::not_slower:
      return paragraph(fmt::format("B is not slower than A by more than {}.", limit));
    case CompareOutcome::slower:
      return paragraph(fmt::format("B is slower than A by more than {}: {}", limit,
                                   cases_that_are(comparison, outcome)));
    case CompareOutcome::missing:
      return paragraph(fmt::format("Whether B is slower than A is not answered: {} case{} missing.",
                                   comparison.missing.size(),
                                   comparison.missing.size() == 1 ? " is" : "s are"));
    case CompareOutcome::unclear:
      return paragraph(fmt::format("Whether B is slower than A by more than {} is not clear: {}",
                                   limit, cases_that_are(comparison, outcome)));
    case CompareOutcome::nothing:
    case CompareOutcome::facts_only:
      break;
  }
  return {};
}

Page facts_summary(const StudyComparison& comparison) {
  const std::size_t cases = comparison.facts.cases;
  if (cases == 0) return "No case has valid samples in all studies.\n";
  const std::size_t changes = comparison.facts.changes.size();
  return paragraph(fmt::format(
      "B against A, facts of {} case{}: {}", cases, cases == 1 ? "" : "s",
      changes == 0 ? "alike" : fmt::format("{} differ{}", changes, changes == 1 ? "s" : "")));
}

std::string estimate_note(const StudyComparison& comparison) {
  const std::string discoveries =
      fmt::format("at most 5% false discoveries among the {}; a difference under {} is not claimed",
                  comparison.cases.size(), percent(comparison.limit));
  switch (comparison.design) {
    case StudyDesign::one_pair:
      return fmt::format(
          "B/A: of the geometric means, with the 95% interval of the noise within A and B; {}",
          discoveries);
    case StudyDesign::pairs:
      return fmt::format(
          "B/A: geometric mean over {} pairs of studies, each study counting once, with the 95% "
          "interval of how the pairs differ; {}",
          comparison.pairs, discoveries);
    case StudyDesign::blocks:
      break;
  }
  return fmt::format("B/A: geometric mean of the ratios within blocks, with its 95% interval; {}",
                     discoveries);
}

Page one_pair_notes(const StudyComparison& comparison) {
  Page out = paragraph(
      fmt::format("noise floor: A {}; B {}", noise_text(comparison.noise_a, comparison.blocks),
                  noise_text(comparison.noise_b, comparison.blocks)),
      kNote);
  out += paragraph(
      "one pair of studies: how far two studies of the very same thing lie apart on this machine "
      "is "
      "not known, and B/A holds that, too; so nothing is called slower for good. Measure A and B "
      "again, in turn, and give all: compare A B A B",
      kNote);
  return out;
}

Page notes(const StudyComparison& comparison) {
  if (comparison.cases.empty()) return {};
  Page out = paragraph(estimate_note(comparison), kNote);
  if (comparison.design == StudyDesign::one_pair) out += one_pair_notes(comparison);
  if (comparison.design == StudyDesign::pairs && comparison.pairs == 2) {
    out += paragraph("two pairs leave a wide interval; a third one narrows it to about a third",
                     kNote);
  }
  return out;
}

}  // namespace

Page comparison_text(const StudyComparison& comparison) {
  Page facts = fact_changes_text(comparison.facts.changes);
  if (!comparison.facts.no_speed.empty()) {
    return paragraph(facts_only_sentence(comparison.facts.no_speed)) + '\n' +
           environment_text(comparison.environment) + '\n' + facts + facts_summary(comparison) +
           missing_text("not compared", comparison.missing) +
           missing_text("available in no study", comparison.unavailable);
  }
  return environment_text(comparison.environment) + cases_text(comparison) + '\n' +
         (facts.empty() ? Page() : facts + '\n') + summary(comparison) + outcome_text(comparison) +
         missing_text("not compared", comparison.missing) +
         missing_text("available in no study", comparison.unavailable) + notes(comparison);
}

}  // namespace ub::report
