#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <ostream>

#include "uringbench/base/error.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/report/format.hpp"
#include "writing.hpp"

namespace ub::report {

#define UB_FORMAT(name) Format name##_format();
#include "formats.def"
#undef UB_FORMAT

std::span<const Format> formats() {
#define UB_FORMAT(name) name##_format(),
  static const std::array all_formats = {
#include "formats.def"
  };
#undef UB_FORMAT
  return all_formats;
}

bool takes(const Format& format, Input input) {
  switch (input) {
    case Input::study:
      return format.study != nullptr || format.sample != nullptr;
    case Input::matrix:
      return format.matrix != nullptr;
    case Input::comparison:
      return format.comparison != nullptr;
    case Input::explanation:
      return format.explanation != nullptr;
    case Input::modes:
      return format.modes != nullptr;
    case Input::features:
      return format.features != nullptr;
    case Input::checks:
      return format.checks != nullptr;
    case Input::selftest:
      return format.selftest != nullptr;
    case Input::forms:
      return format.forms != nullptr;
  }
  return false;
}

std::vector<std::string> format_names(Input input) {
  std::vector<std::string> names;
  for (const Format& format : formats()) {
    if (takes(format, input)) names.emplace_back(format.name);
  }
  return names;
}

bool is_kept(const Format& format) {
  return !format.file.empty() && format.unavailable.empty();
}

std::vector<std::string> kept_files() {
  std::vector<std::string> names;
  for (const Format& format : formats()) {
    if (is_kept(format)) names.emplace_back(format.file);
  }
  return names;
}

std::string format_help(Input input) {
  std::vector<std::string> texts;
  for (const Format& format : formats()) {
    if (takes(format, input)) texts.push_back(fmt::format("{} ({})", format.name, format.help));
  }
  return fmt::format("{}. Default: {}", fmt::join(texts, ", "), formats().front().name);
}

const Format& format_named(std::string_view name, Input input) {
  for (const Format& format : formats()) {
    const bool named = format.name == name || (!name.empty() && format.old_name == name);
    if (!named || !takes(format, input)) continue;
    if (format.unavailable.empty()) return format;
    throw UsageError(
        fmt::format("--format: '{}' is not in this build: {}", name, format.unavailable));
  }
  throw UsageError(fmt::format("--format: '{}' is not a format here; accepted are {}", name,
                               list_text(format_names(input), "and")));
}

void StudyWriter::begin(const Environment& environment, const Plan& plan) {
  if (format_->begin != nullptr) write(*out_, format_->begin(environment, plan));
}

void StudyWriter::sample(const Sample& sample) {
  if (format_->sample != nullptr) write(*out_, format_->sample(sample));
}

std::string_view StudyWriter::end(const analysis::StudyData& study,
                                  const analysis::Analysis& analysis) {
  if (!needs_analysis()) return {};
  const Page page = format_->study(study, analysis, look_);
  write(*out_, page, look_);
  return page.empty() ? format_->none : std::string_view();
}

}  // namespace ub::report
