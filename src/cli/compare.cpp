// uringbench compare: two studies case by case, with an exit status for CI and `git bisect run`.
#include <fmt/format.h>

#include <charconv>

#include "commands.hpp"
#include "recording.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/report/compare_studies.hpp"

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

report::Objective objective_of(const std::string& text) {
  if (text == "throughput") return report::Objective::throughput;
  if (text == "cpu") return report::Objective::server_cpu;
  if (text == "p99") return report::Objective::latency_p99;
  throw UsageError(
      fmt::format("--by: '{}' is not an objective; accepted are throughput, cpu and p99", text));
}

int status_of(report::CompareOutcome outcome, bool fails_if_slower) {
  switch (outcome) {
    case report::CompareOutcome::nothing:
      return kCannotCompare;
    case report::CompareOutcome::slower:
      return fails_if_slower ? kSlower : kDone;
    case report::CompareOutcome::not_slower:
      break;
  }
  return kDone;
}

report::StudyComparison compare_directories(const CompareArguments& arguments,
                                            const report::CompareStudiesOptions& options) {
  const record::Recording a = recording_in(arguments.a, "compare");
  const record::Recording b = recording_in(arguments.b, "compare");
  return report::compare_studies(a, b, options);
}

}  // namespace

int compare(const CompareArguments& arguments) {
  const bool fails_if_slower = !arguments.fail_if_slower.empty();
  report::CompareStudiesOptions options{.objective = objective_of(arguments.by)};
  if (fails_if_slower) options.min_effect = share_of(arguments.fail_if_slower);
  try {
    const report::StudyComparison comparison = compare_directories(arguments, options);
    fmt::print("{}", report::comparison_text(comparison));
    return status_of(report::outcome_of(comparison), fails_if_slower);
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
