// uringbench compare: two studies case by case, with an exit status for CI and `git bisect run`.
#include <fmt/format.h>

#include <charconv>
#include <iostream>

#include "commands.hpp"
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

int status_of(analysis::CompareOutcome outcome, bool fails_if_slower) {
  switch (outcome) {
    case analysis::CompareOutcome::nothing:
      return kCannotCompare;
    case analysis::CompareOutcome::slower:
      return fails_if_slower ? kSlower : kDone;
    case analysis::CompareOutcome::not_slower:
      break;
  }
  return kDone;
}

analysis::StudyComparison compare_directories(const CompareArguments& arguments,
                                              const analysis::CompareStudiesOptions& options) {
  const analysis::StudyData a = analysis::study_of(recording_in(arguments.a, "compare"));
  const analysis::StudyData b = analysis::study_of(recording_in(arguments.b, "compare"));
  return analysis::compare_studies(a, b, options);
}

}  // namespace

int compare(const CompareArguments& arguments) {
  const bool fails_if_slower = !arguments.fail_if_slower.empty();
  analysis::CompareStudiesOptions options{.objective = objective_of(arguments.by)};
  const report::Format& format = report::format_named(arguments.format, report::Input::comparison);
  if (fails_if_slower) options.min_effect = share_of(arguments.fail_if_slower);
  try {
    const analysis::StudyComparison comparison = compare_directories(arguments, options);
    report::write(std::cout, format.comparison(comparison));
    return status_of(analysis::outcome_of(comparison), fails_if_slower);
  } catch (const SetupError& error) {
    // A commit whose study could not be had says nothing about its speed: skip it.
    fmt::print(stderr, "uringbench: {}\n", error.what());
    return kCannotCompare;
  } catch (const UsageError& error) {
    fmt::print(stderr, "uringbench: {}\n", error.what());
    return kCannotCompare;
  }
}

}  // namespace ub::cli
