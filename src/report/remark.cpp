#include "remark.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "copies.hpp"
#include "numbers.hpp"

namespace ub::report {
namespace {

ZeroCopyCounts zero_copy_total(const Row& row) {
  ZeroCopyCounts total;
  for (const Sample& sample : row.valid) {
    if (sample.zero_copy) total += *sample.zero_copy;
  }
  return total;
}

std::string harness_label(const Row& row) {
  const auto cost = spread_of(row, harness_ns_per_message);
  if (!cost) return "harness only";
  return fmt::format("harness only, {} ns/msg", short_number(cost->median));
}

std::vector<std::string> marks_of(const Row& row) {
  std::map<std::string, std::size_t> counts;
  for (const Sample& sample : row.valid) {
    for (const std::string& mark : sample.marks) ++counts[mark];
  }
  std::vector<std::string> texts;
  texts.reserve(counts.size());
  for (const auto& [mark, count] : counts) {
    texts.push_back(count == row.valid.size()
                        ? mark
                        : fmt::format("{} in {} of {}", mark, count, row.valid.size()));
  }
  return texts;
}

}  // namespace

std::string copy_label(const Row& row) {
  if (sends_nothing(row.the_case)) return harness_label(row);
  if (row.the_case.family == Family::zero_copy) return zero_copy_label(zero_copy_total(row));
  return std::string(to_text(row.the_case.family));
}

std::string remark_of(const Row& row, std::uint32_t reps) {
  std::vector<std::string> parts{copy_label(row)};
  for (std::string& mark : marks_of(row)) parts.push_back(std::move(mark));
  if (row.valid.size() < reps) {
    parts.push_back(fmt::format("{} of {} reps", row.valid.size(), reps));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string harness_cost(const Block& block) {
  std::vector<std::string> costs;
  for (const Row& row : block.rows) {
    const auto cost = spread_of(row, harness_ns_per_message);
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
