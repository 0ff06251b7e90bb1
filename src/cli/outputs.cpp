#include "outputs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "notice.hpp"
#include "stack_files.hpp"
#include "terminal.hpp"
#include "uringbench/base/build.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/plan/builder.hpp"

namespace ub::cli {
namespace {

/// samples.jsonl guards itself (Journal); these would overwrite what they find.
void keep_others(const std::filesystem::path& path) {
  std::error_code error;
  const auto found = std::filesystem::symlink_status(path, error).type();
  if (found == std::filesystem::file_type::not_found) return;
  if (found == std::filesystem::file_type::none) {
    throw_setup_error(fmt::format("--out: looking whether '{}' is there", path.string()),
                      error.value());
  }
  throw UsageError(fmt::format("--out: '{}' exists already; name a new directory", path.string()));
}

report::Look look_of_file() {
  return {.build_warning = std::string(build_warning())};
}

}  // namespace

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

report::Look look_of_output() {
  constexpr std::size_t kNarrowest = 80;
  constexpr std::size_t kWidest = 140;  // the eye loses a longer line
  const bool colour = ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr &&
                      takes_control_sequences();
  report::Look look = look_of_file();
  if (colour) look.colour = report::Colour::on;
  look.columns = std::clamp(columns_of(STDOUT_FILENO, report::kFileColumns), kNarrowest, kWidest);
  return look;
}

template <typename Write>
void Output::attempt(Write write) {
  if (!broken_.empty()) return;
  try {
    write();
  } catch (const SetupError& error) {
    broken_ = error.what();
  }
}

void Output::begin(const record::StudyHead& head) {
  attempt([&] { writer_.begin(head.environment, head.plan); });
}

void Output::sample(const Sample& sample) {
  attempt([&] { writer_.sample(sample); });
}

Written Output::end(const analysis::StudyData* study, const analysis::Analysis* analysis) {
  attempt([&] {
    if (analysis != nullptr) notice(writer_.end(*study, *analysis));
  });
  if (file_) {
    // The file knows better than the stream why it could not be written.
    broken_.clear();
    attempt([&] { file_->publish(); });
  } else if (!broken_.empty()) {
    broken_ = "standard output: " + broken_;
  }
  notice(broken_);
  return broken_.empty() ? Written::all : Written::not_all;
}

Output main_output(const RunArguments& arguments, const Plan& plan) {
  (void)baseline_of(arguments, plan);
  const report::Format& format = report::format_named(arguments.format, report::Input::study);
  if (arguments.output.empty()) {
    return Output(report::StudyWriter(format, std::cout, look_of_output()));
  }
  auto file = std::make_unique<OutputFile>("--output", arguments.output);
  report::StudyWriter writer(format, file->stream(), look_of_file());
  return {std::move(file), std::move(writer)};
}

Outputs::Outputs(const RunArguments& arguments, const record::StudyHead& head)
    : baseline_(baseline_of(arguments, head.plan)) {
  Output last = main_output(arguments, head.plan);
  if (!arguments.out.empty()) {
    const std::filesystem::path directory = arguments.out;
    for (const std::string& file : report::kept_files()) keep_others(directory / file);
    journal_.emplace(directory, head);
    open_reports(directory);
  }
  outputs_.push_back(std::move(last));
  begin(head);
}

Outputs::Outputs(const RunArguments& arguments, record::Journal journal,
                 record::Recording& recording)
    : journal_(std::move(journal)) {
  const Plan plan = record::plan_of(recording);
  baseline_ = baseline_of(arguments, plan);
  Output last = main_output(arguments, plan);
  open_reports(arguments.resume);
  outputs_.push_back(std::move(last));
  begin({recording.environment, plan});
  study_.samples = std::move(recording.samples);
  for (const Sample& sample : study_.samples) {
    for (Output& output : outputs_) output.sample(sample);
  }
}

void Outputs::begin(const record::StudyHead& head) {
  study_ = {head.environment, head.plan, {}};
  for (Output& output : outputs_) {
    output.begin(head);
    needs_analysis_ = needs_analysis_ || output.needs_analysis();
  }
}

void Outputs::open_reports(const std::filesystem::path& directory) {
  directory_ = directory;
  for (const report::Format& format : report::formats()) {
    if (!report::is_kept(format)) continue;
    auto file = std::make_unique<OutputFile>("--out", directory / format.file);
    report::StudyWriter writer(format, file->stream(), look_of_file());
    outputs_.emplace_back(std::move(file), std::move(writer));
  }
}

void Outputs::take(const Sample& sample) {
  if (journal_) journal_->append(sample);
  for (Output& output : outputs_) output.sample(sample);
  if (needs_analysis_) study_.samples.push_back(sample);
}

Written Outputs::end() {
  if (!directory_.empty()) study_.stacks = read_stacks(directory_, study_.plan);
  std::optional<analysis::Analysis> analysis;
  if (needs_analysis_) analysis = analysis::analyse(study_, baseline_);
  Written written = Written::all;
  for (Output& output : outputs_) {
    const Written one = output.end(&study_, analysis ? &*analysis : nullptr);
    if (one == Written::not_all) written = one;
  }
  return written;
}

}  // namespace ub::cli
