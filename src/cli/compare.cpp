// uringbench compare: studies case by case, with an exit status for CI and `git bisect run`.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iostream>
#include <set>
#include <vector>

#include "commands.hpp"
#include "compare_programs.hpp"
#include "notice.hpp"
#include "outputs.hpp"
#include "recording.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/report/format.hpp"

namespace ub::cli {
namespace {

double share_of(const std::string& text) {
  double percent = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, percent);
  constexpr double kMost = 100;
  if (error != std::errc{} || stop == end || std::string_view(stop) != "%" || percent <= 0 ||
      percent >= kMost) {
    throw UsageError(fmt::format(
        "--fail-if-slower: '{}' is not a share above 0% and below 100%; shares look like 5%",
        text));
  }
  return percent / 100;
}

analysis::Objective objective_of(const std::string& text) {
  if (text == "throughput") return analysis::Objective::throughput;
  if (text == "cpu") return analysis::Objective::cpu;
  if (text == "p99") return analysis::Objective::latency_p99;
  throw UsageError(
      fmt::format("--by: '{}' is not an objective; accepted are throughput, cpu and p99", text));
}

/// What --fail-if-facts-differ asks. A case that failed in one study may hide a difference; one
/// that failed in all does not.
int status_of_facts(const analysis::StudyComparison& comparison) {
  if (!comparison.facts.changes.empty()) return kSlower;
  if (comparison.facts.cases == 0) return kCannotCompare;
  const bool hides = std::any_of(
      comparison.missing.begin(), comparison.missing.end(),
      [&](const analysis::MissingCase& each) { return each.gaps.size() < 2 * comparison.pairs; });
  return hides ? kCaseMissing : kDone;
}

/// Without a limit there is nothing to fail.
int status_of(analysis::CompareOutcome outcome, bool fails_if_slower) {
  if (outcome == analysis::CompareOutcome::nothing) return kCannotCompare;
  if (!fails_if_slower) return kDone;
  switch (outcome) {
    case analysis::CompareOutcome::not_slower:
      return kDone;
    case analysis::CompareOutcome::slower:
      return kSlower;
    case analysis::CompareOutcome::missing:
      return kCaseMissing;
    case analysis::CompareOutcome::unclear:
    case analysis::CompareOutcome::nothing:
    case analysis::CompareOutcome::facts_only:
      break;
  }
  return kCannotCompare;
}

/// A study that is given twice would vouch for itself.
void refuse_twice(const std::vector<std::string>& directories) {
  std::set<std::filesystem::path> seen;
  for (const std::string& each : directories) {
    if (seen.insert(std::filesystem::weakly_canonical(each)).second) continue;
    throw UsageError(fmt::format(
        "compare: '{}' is given twice; measure again into another directory, and give that", each));
  }
}

void refuse_odd(const std::vector<std::string>& directories) {
  if (directories.size() >= 2 && directories.size() % 2 == 0) return;
  throw UsageError(fmt::format(
      "compare: {} {} no pairs; give two studies, A B, or more in the order in which "
      "they were measured, A B A B",
      directories.size(), directories.size() == 1 ? "directory makes" : "directories make"));
}

analysis::StudyComparison compare_directories(const std::vector<std::string>& directories,
                                              const analysis::CompareStudiesOptions& options) {
  std::vector<analysis::StudyData> studies;
  studies.reserve(directories.size());
  for (const std::string& directory : directories) {
    studies.push_back(analysis::study_of(recording_in(directory, "compare")));
  }
  std::vector<analysis::StudyPair> pairs;
  for (std::size_t i = 0; i < studies.size(); i += 2) {
    pairs.push_back({&studies[i], &studies[i + 1]});
  }
  return analysis::compare_studies(pairs, options);
}

}  // namespace

int compare(const CompareArguments& arguments, const RunArguments& study) {
  const bool fails_if_slower = !arguments.fail_if_slower.empty();
  if (fails_if_slower && arguments.fail_if_facts_differ) {
    throw UsageError(
        "--fail-if-facts-differ: an exit status can answer one question; leave --fail-if-slower "
        "out, or compare twice");
  }
  analysis::CompareStudiesOptions options{.objective = objective_of(arguments.by)};
  const report::Format& format = report::format_named(arguments.format, report::Input::comparison);
  if (fails_if_slower) options.min_effect = share_of(arguments.fail_if_slower);
  const auto conclude = [&](const analysis::StudyComparison& comparison) {
    report::write(std::cout, format.comparison(comparison), look_of_output());
    if (arguments.fail_if_facts_differ) return status_of_facts(comparison);
    return status_of(analysis::outcome_of(comparison), fails_if_slower);
  };
  if (!arguments.programs.empty()) {
    const auto taken = take_programs_in_turn(arguments, study);
    if (!taken) return kInterrupted;
    return conclude(analysis::compare_programs({&taken->a, &taken->b}, options));
  }
  refuse_odd(arguments.studies);
  refuse_twice(arguments.studies);
  try {
    return conclude(compare_directories(arguments.studies, options));
  } catch (const SetupError& error) {
    // A commit whose study could not be had says nothing about its speed: skip it.
    notice(error.what());
    return kCannotCompare;
  } catch (const UsageError& error) {
    notice(error.what());
    return kCannotCompare;
  }
}

}  // namespace ub::cli
