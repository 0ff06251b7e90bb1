#include "outputs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "stack_files.hpp"
#include "terminal.hpp"
#include "uringbench/base/build.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/plan/builder.hpp"

namespace ub::cli {
namespace {

/// A file of --out beside samples.jsonl, and the format it is in.
struct ReportFile {
  const char* name;
  const char* format;
};
constexpr std::array kReportFiles = {
    ReportFile{"results.csv", "csv"}, ReportFile{"table.txt", "text"},
    ReportFile{"thresholds.json", "thresholds"}, ReportFile{"report.html", "html"}};

/// A build may lack a format (Format::unavailable); its file is then not made.
bool is_built(const ReportFile& file) {
  const auto formats = report::formats();
  return std::any_of(formats.begin(), formats.end(), [&](const report::Format& format) {
    return format.name == file.format && format.unavailable.empty();
  });
}

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

report::Look look(report::Colour colour) {
  return {.colour = colour, .build_warning = std::string(build_warning())};
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

report::Colour colour_of_output() {
  const bool wanted = ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr &&
                      takes_control_sequences();
  return wanted ? report::Colour::on : report::Colour::off;
}

report::StudyWriter writer_to(std::ostream& out, const RunArguments& arguments, const Plan& plan,
                              report::Colour colour) {
  (void)baseline_of(arguments, plan);
  return {report::format_named(arguments.format, report::Input::study), out, look(colour)};
}

report::StudyWriter standard_output(const RunArguments& arguments, const Plan& plan) {
  return writer_to(std::cout, arguments, plan, colour_of_output());
}

Outputs::Outputs(const RunArguments& arguments, const record::StudyHead& head)
    : baseline_(baseline_of(arguments, head.plan)) {
  writers_.push_back(standard_output(arguments, head.plan));
  if (!arguments.out.empty()) {
    const std::filesystem::path directory = arguments.out;
    for (const ReportFile& file : kReportFiles) keep_others(directory / file.name);
    journal_.emplace(directory, head);
    open_reports(directory);
  }
  begin(head);
}

Outputs::Outputs(const RunArguments& arguments, record::Journal journal,
                 const record::Recording& recording)
    : journal_(std::move(journal)) {
  const Plan plan = record::plan_of(recording);
  baseline_ = baseline_of(arguments, plan);
  writers_.push_back(standard_output(arguments, plan));
  open_reports(arguments.resume);
  begin({recording.environment, plan});
  for (const Sample& sample : recording.samples) write(sample);
}

void Outputs::begin(const record::StudyHead& head) {
  for (report::StudyWriter& writer : writers_) {
    writer.begin(head.environment, head.plan);
    if (writer.needs_analysis() && !study_) study_ = {head.environment, head.plan, {}};
  }
}

void Outputs::open_reports(const std::filesystem::path& directory) {
  directory_ = directory;
  for (const ReportFile& file : kReportFiles) {
    if (!is_built(file)) continue;
    files_.push_back(open_file(directory / file.name));
    writers_.emplace_back(report::format_named(file.format, report::Input::study), *files_.back(),
                          look(report::Colour::off));
  }
}

void Outputs::write(const Sample& sample) {
  for (report::StudyWriter& writer : writers_) writer.sample(sample);
  if (study_) study_->samples.push_back(sample);
}

void Outputs::take(const Sample& sample) {
  if (journal_) journal_->append(sample);
  write(sample);
}

void Outputs::end() {
  if (!study_) return;
  if (!directory_.empty()) study_->stacks = read_stacks(directory_, study_->plan);
  const analysis::Analysis analysis = analysis::analyse(*study_, baseline_);
  for (report::StudyWriter& writer : writers_) {
    const std::string_view note = writer.end(*study_, analysis);
    if (!note.empty()) fmt::print(stderr, "uringbench: {}\n", note);
  }
}

}  // namespace ub::cli
