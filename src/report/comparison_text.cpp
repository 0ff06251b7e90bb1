// Two studies side by side, for people.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "group.hpp"
#include "layout.hpp"
#include "renders.hpp"
#include "uringbench/stats/quantile.hpp"
#include "writing.hpp"

namespace ub::report {
namespace {

using analysis::ComparedCase;
using analysis::FactDifference;
using analysis::Objective;
using analysis::StudyComparison;
using stats::Verdict;

constexpr Indent kNote{.first = 0, .rest = 2};

std::string environment_text(const std::vector<FactDifference>& differences) {
  if (differences.empty()) return "The environments of A and B are alike.\n";
  constexpr std::size_t kLeastFact = 20;
  Table table;
  table.columns = {{"environment", Align::left, kLeastFact},
                   {"A", Align::left, kLeastFact},
                   {"B", Align::left, kLeastFact}};
  for (const FactDifference& each : differences) {
    table.rows.push_back({{each.name, each.a, each.b}, ""});
  }
  return render(table).text();
}

const char* unit_of(Objective objective) {
  switch (objective) {
    case Objective::throughput:
      return "msgs/s";
    case Objective::cpu:
      return "CPU\nns/msg";
    case Objective::latency_p99:
      return "p99 ns";
  }
  return "";
}

std::string median_text(const std::vector<double>& values, Objective objective) {
  const auto median = stats::median(values);
  if (!median) return kNone;
  return objective == Objective::throughput ? short_count(*median) : short_number(*median);
}

std::string reps_text(const ComparedCase& each) {
  return fmt::format("{}/{}", each.a.size(), each.b.size());
}

TableRow row_of(const ComparedCase& each, Objective objective) {
  const auto& ratio = each.result.ratio;
  return {{each.mode, median_text(each.a, objective), median_text(each.b, objective),
           reps_text(each), ratio ? ratio_number(ratio->value) : kNone,
           ratio ? interval_text(*ratio) : kNone, std::string(to_text(each.result.verdict))},
          ""};
}

std::string cases_text(const StudyComparison& comparison) {
  constexpr std::size_t kLeastMode = 12;
  const std::string unit = unit_of(comparison.objective);
  std::string out;
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
                     {"B is", Align::left}};
    for (auto each = first; each != last; ++each) {
      table.rows.push_back(row_of(*each, comparison.objective));
    }
    out += '\n' + paragraph(first->title) + render(table).text();
    first = last;
  }
  return out;
}

std::string only_text(std::string_view side, const std::vector<std::string>& names) {
  if (names.empty()) return "";
  constexpr std::size_t kMostNamed = 5;
  std::vector<std::string> named(
      names.begin(),
      names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), kMostNamed)));
  const std::string more =
      names.size() > kMostNamed ? fmt::format("; and {} more", names.size() - kMostNamed) : "";
  return paragraph(fmt::format("valid only in {}: {}{}", side, fmt::join(named, "; "), more),
                   kNote);
}

std::size_t count(const StudyComparison& comparison, Verdict verdict) {
  return static_cast<std::size_t>(
      std::count_if(comparison.cases.begin(), comparison.cases.end(),
                    [&](const ComparedCase& each) { return each.result.verdict == verdict; }));
}

bool has_too_few(const StudyComparison& comparison) {
  return std::any_of(comparison.cases.begin(), comparison.cases.end(),
                     [](const ComparedCase& each) { return !each.result.ratio; });
}

std::string summary(const StudyComparison& comparison) {
  if (comparison.cases.empty()) return "No case has a valid sample in both studies.\n";
  std::vector<std::string> parts;
  for (const Verdict verdict :
       {Verdict::faster, Verdict::slower, Verdict::same, Verdict::undecided}) {
    const std::size_t number = count(comparison, verdict);
    if (number > 0) parts.push_back(fmt::format("{} {}", number, to_text(verdict)));
  }
  return paragraph(fmt::format("B against A, {} case{}: {}", comparison.cases.size(),
                               comparison.cases.size() == 1 ? "" : "s", fmt::join(parts, ", ")));
}

std::string notes(const StudyComparison& comparison) {
  if (comparison.cases.empty()) return "";
  std::string out;
  if (has_too_few(comparison)) {
    out += paragraph("a case needs 4 valid repetitions in each study to be compared", kNote);
  }
  out += paragraph(
      fmt::format(
          "B/A: of the medians, with its 95% bootstrap interval; verdict: permutation test, "
          "at most 5% false discoveries among the {}; a difference under {} is not claimed",
          comparison.cases.size(), percent(comparison.cases.front().result.threshold)),
      kNote);
  out += paragraph(
      fmt::format("noise floor: A {}; B {}", noise_text(comparison.noise_a, comparison.blocks),
                  noise_text(comparison.noise_b, comparison.blocks)),
      kNote);
  out += paragraph(
      "two studies share no blocks: what changed on the machine between them is in the ratio too",
      kNote);
  return out;
}

}  // namespace

std::string comparison_text(const StudyComparison& comparison) {
  return environment_text(comparison.environment) + cases_text(comparison) + '\n' +
         summary(comparison) + only_text("A", comparison.only_a) +
         only_text("B", comparison.only_b) + notes(comparison);
}

}  // namespace ub::report
