#include "outputs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "uringbench/base/build.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/plan/builder.hpp"
#include "uringbench/report/crossovers.hpp"

namespace ub::cli {
namespace {

constexpr const char* kCsvFile = "results.csv";
constexpr const char* kTableFile = "table.txt";
constexpr const char* kThresholdsFile = "thresholds.json";

/// samples.jsonl guards itself (Journal); these would overwrite what they find.
void keep_others(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return;
  throw UsageError(fmt::format("--out: '{}' exists already; name a new directory", path.string()));
}

std::unique_ptr<std::ofstream> open_file(const std::filesystem::path& path) {
  auto file = std::make_unique<std::ofstream>(path);
  if (!*file) throw_setup_error(fmt::format("--out: writing '{}'", path.string()), errno);
  return file;
}

/// A baseline that is not measured would leave every ratio out. Throws UsageError.
std::string baseline_of(const RunArguments& arguments, const Plan& plan) {
  if (arguments.baseline.empty()) return {};
  std::string baseline = plan::full_mode_name(arguments.baseline);
  std::vector<std::string> names;
  for (const PlannedCase& planned : plan.cases) {
    if (planned.the_case.family == Family::none) continue;  // sends nothing to be compared with
    const std::string name = mode_name(planned.the_case);
    if (name == baseline) return baseline;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  throw UsageError(fmt::format("--baseline: '{}' is not in this comparison; it holds {}",
                               arguments.baseline, fmt::join(names, ", ")));
}

report::TableOptions table_options(std::string baseline, report::Colour colour) {
  return {.baseline = std::move(baseline),
          .build_warning = std::string(build_warning()),
          .colour = colour};
}

}  // namespace

report::Colour colour_of_output() {
  const bool wanted = ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
  return wanted ? report::Colour::on : report::Colour::off;
}

std::unique_ptr<report::Reporter> standard_output(const RunArguments& arguments, const Plan& plan) {
  std::string baseline = baseline_of(arguments, plan);
  switch (to_format(arguments)) {
    case Format::jsonl:
      return std::make_unique<report::JsonlReporter>(std::cout);
    case Format::csv:
      return std::make_unique<report::CsvReporter>(std::cout);
    case Format::table:
      break;
  }
  return std::make_unique<report::TableReporter>(
      std::cout, table_options(std::move(baseline), colour_of_output()));
}

Outputs::Outputs(const RunArguments& arguments, const record::StudyHead& head) {
  reporters_.push_back(standard_output(arguments, head.plan));
  if (!arguments.out.empty()) {
    const std::filesystem::path directory = arguments.out;
    for (const char* name : {kCsvFile, kTableFile, kThresholdsFile}) keep_others(directory / name);
    journal_.emplace(directory, head);
    open_reports(directory, arguments, head.plan);
  }
  begin(head);
}

Outputs::Outputs(const RunArguments& arguments, record::Journal journal,
                 const record::Recording& recording)
    : journal_(std::move(journal)) {
  const Plan plan = record::plan_of(recording);
  reporters_.push_back(standard_output(arguments, plan));
  open_reports(arguments.resume, arguments, plan);
  begin({recording.environment, plan});
  for (const Sample& sample : recording.samples) {
    for (const auto& reporter : reporters_) reporter->sample(sample);
  }
}

void Outputs::begin(const record::StudyHead& head) {
  for (const auto& reporter : reporters_) reporter->begin(head.environment, head.plan);
}

void Outputs::open_reports(const std::filesystem::path& directory, const RunArguments& arguments,
                           const Plan& plan) {
  files_.push_back(open_file(directory / kCsvFile));
  reporters_.push_back(std::make_unique<report::CsvReporter>(*files_.back()));
  files_.push_back(open_file(directory / kTableFile));
  reporters_.push_back(std::make_unique<report::TableReporter>(
      *files_.back(), table_options(baseline_of(arguments, plan), report::Colour::off)));
  files_.push_back(open_file(directory / kThresholdsFile));
  reporters_.push_back(std::make_unique<report::ThresholdsReporter>(*files_.back()));
}

void Outputs::take(const Sample& sample) {
  if (journal_) journal_->append(sample);
  for (const auto& reporter : reporters_) reporter->sample(sample);
}

void Outputs::end() {
  for (const auto& reporter : reporters_) reporter->end();
}

}  // namespace ub::cli
