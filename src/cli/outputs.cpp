#include "outputs.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "uringbench/base/build.hpp"
#include "uringbench/base/error.hpp"

namespace ub::cli {
namespace {

/// Colours only on a terminal, and not against the user's word (no-color.org).
report::Colour colour_of_output() {
  const bool wanted = ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
  return wanted ? report::Colour::on : report::Colour::off;
}

std::unique_ptr<std::ofstream> open_file(const std::filesystem::path& path) {
  auto file = std::make_unique<std::ofstream>(path);
  if (!*file) throw_setup_error(fmt::format("--out: writing '{}'", path.string()), errno);
  return file;
}

}  // namespace

report::TableOptions table_options(const RunArguments& arguments, report::Colour colour) {
  return {.baseline = arguments.baseline,
          .build_warning = std::string(build_warning()),
          .colour = colour};
}

std::unique_ptr<report::Reporter> standard_output(const RunArguments& arguments) {
  switch (to_format(arguments)) {
    case Format::jsonl: return std::make_unique<report::JsonlReporter>(std::cout);
    case Format::csv: return std::make_unique<report::CsvReporter>(std::cout);
    case Format::table: break;
  }
  return std::make_unique<report::TableReporter>(std::cout,
                                                 table_options(arguments, colour_of_output()));
}

Outputs::Outputs(const RunArguments& arguments, const Environment& environment, const Plan& plan) {
  reporters_.push_back(standard_output(arguments));
  if (!arguments.out.empty()) open_files(arguments, environment);
  for (const auto& reporter : reporters_) reporter->begin(environment, plan);
}

void Outputs::open_files(const RunArguments& arguments, const Environment& environment) {
  const std::filesystem::path directory = arguments.out;
  journal_.emplace(directory, environment);
  files_.push_back(open_file(directory / "results.csv"));
  reporters_.push_back(std::make_unique<report::CsvReporter>(*files_.back()));
  files_.push_back(open_file(directory / "table.txt"));
  reporters_.push_back(std::make_unique<report::TableReporter>(
      *files_.back(), table_options(arguments, report::Colour::off)));
}

void Outputs::take(const Sample& sample) {
  if (journal_) journal_->append(sample);
  for (const auto& reporter : reporters_) reporter->sample(sample);
}

void Outputs::end() {
  for (const auto& reporter : reporters_) reporter->end();
}

}  // namespace ub::cli
