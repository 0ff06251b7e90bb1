#include <fmt/format.h>
#include <fmt/ranges.h>

#include "group.hpp"
#include "renders.hpp"
#include "uringbench/base/units.hpp"
#include "writing.hpp"

namespace ub::report {
namespace {

using analysis::kMostNotReal;
using analysis::Row;
using analysis::was_copied;

std::string harness_label(const Row& row) {
  const auto cost = analysis::spread_of(row, analysis::harness_ns_per_message);
  if (!cost) return "harness only";
  return fmt::format("harness only, {} ns/msg", short_number(cost->median));
}

std::vector<std::string> mark_texts(const Row& row) {
  std::vector<std::string> texts;
  for (const auto& [mark, count] : analysis::marks_of(row)) {
    texts.push_back(count == row.valid.size()
                        ? mark
                        : fmt::format("{} in {} of {}", mark, count, row.valid.size()));
  }
  return texts;
}

/// "ENOMEM x 1.2 k": sends that were refused and tried again.
std::vector<std::string> error_texts(const Row& row) {
  std::vector<std::string> texts;
  for (const auto& [name, count] : errors_of(row)) {
    texts.push_back(fmt::format("{} x {}", name, format_count(static_cast<double>(count))));
  }
  return texts;
}

}  // namespace

std::string row_name(const Row& row, const std::string& title) {
  const std::uint32_t batch = row.the_case.batch;
  const std::string variant = variant_name(row.the_case);
  return batch == 1 ? fmt::format("{}, {}", variant, title)
                    : fmt::format("{} x{}, {}", variant, batch, title);
}

std::map<std::string, std::uint64_t> errors_of(const Row& row) {
  std::map<std::string, std::uint64_t> sum;
  for (const Sample* sample : row.valid) {
    for (const auto& [name, count] : sample->sends.errors) sum[name] += count;
  }
  return sum;
}

std::string zero_copy_label(const ZeroCopyCounts& counts) {
  const double all = analysis::released(counts);
  if (all == 0) return "zero-copy asked, nothing reported";
  const double copied = static_cast<double>(counts.copied) / all;
  const double unreported = static_cast<double>(counts.unreported) / all;
  if (!was_copied(counts) && unreported <= kMostNotReal) {
    return fmt::format("zero-copy, real {}", percent(static_cast<double>(counts.real) / all));
  }
  std::string label = "zero-copy asked";
  if (was_copied(counts)) {
    label += fmt::format(", {} copied", percent(copied));
    if (!counts.cause.empty()) label += fmt::format(" ({})", counts.cause);
  }
  if (unreported > kMostNotReal) label += fmt::format(", {} unreported", percent(unreported));
  return label;
}

std::string copy_label(const analysis::Row& row) {
  if (sends_nothing(row.the_case)) return harness_label(row);
  if (row.the_case.family == Family::zero_copy) return zero_copy_label(analysis::zero_copy_of(row));
  return std::string(to_text(row.the_case.family));
}

std::string remark_of(const analysis::Row& row, std::uint32_t reps) {
  std::vector<std::string> parts{copy_label(row)};
  for (std::string& mark : mark_texts(row)) parts.push_back(std::move(mark));
  if (const auto levels = analysis::levels_of(row)) {
    parts.push_back(fmt::format("bimodal ({} or {} msgs/s)", short_count(levels->low),
                                short_count(levels->high)));
  }
  for (std::string& error : error_texts(row)) parts.push_back(std::move(error));
  if (row.valid.size() < reps) {
    parts.push_back(fmt::format("{} of {} reps", row.valid.size(), reps));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string harness_cost(const analysis::Group& group) {
  std::vector<std::string> costs;
  for (const Row& row : group.rows) {
    const auto cost = analysis::spread_of(row, analysis::harness_ns_per_message);
    if (!cost) continue;
    const std::string batch =
        row.the_case.batch == 1 ? "" : fmt::format(" (batch {})", row.the_case.batch);
    costs.push_back(
        fmt::format("{}{} {} ns", to_text(row.the_case.engine), batch, short_number(cost->median)));
  }
  if (costs.empty()) return "";
  return fmt::format("harness cost (null path): {} a message", fmt::join(costs, ", "));
}

}  // namespace ub::report
