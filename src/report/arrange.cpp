#include "arrange.hpp"

#include <algorithm>

#include "factors.hpp"
#include "uringbench/stats/quantile.hpp"

namespace ub::report {
namespace {

Row& row_of(std::vector<Block>& blocks, const Case& the_case) {
  auto block = std::find_if(blocks.begin(), blocks.end(), [&](const Block& each) {
    return comparable(each.rows.front().the_case, the_case);
  });
  if (block == blocks.end()) {
    blocks.push_back({{Row{the_case, {}, {}, {}}}});
    return blocks.back().rows.front();
  }
  auto row = std::find_if(block->rows.begin(), block->rows.end(),
                          [&](const Row& each) { return each.the_case == the_case; });
  if (row != block->rows.end()) return *row;
  block->rows.push_back(Row{the_case, {}, {}, {}});
  return block->rows.back();
}

void add_failure(Row& row, std::string status, std::string reason) {
  const auto same = std::find_if(
      row.failures.begin(), row.failures.end(),
      [&](const Failure& each) { return each.status == status && each.reason == reason; });
  if (same != row.failures.end()) {
    ++same->count;
  } else {
    row.failures.push_back({std::move(status), std::move(reason), 1});
  }
}

void add_sample(Row& row, const Sample& sample) {
  if (sample.status == Status::valid) {
    row.valid.push_back(sample);
  } else {
    add_failure(row, std::string(to_text(sample.status)), sample.reason);
  }
}

void add_planned_without_sample(Row& row, const PlannedCase& planned) {
  if (!row.valid.empty() || !row.failures.empty()) return;
  if (planned.unavailable.empty()) {
    add_failure(row, "not run", "the study ended before its turn");
  } else {
    add_failure(row, std::string(to_text(Status::unavailable)), planned.unavailable);
  }
}

}  // namespace

std::vector<Block> arrange(const Plan& plan, const std::vector<Sample>& samples) {
  std::vector<Block> blocks;
  for (const PlannedCase& planned : plan.cases) row_of(blocks, planned.the_case);
  for (const Sample& sample : samples) add_sample(row_of(blocks, sample.the_case), sample);
  for (const PlannedCase& planned : plan.cases) {
    add_planned_without_sample(row_of(blocks, planned.the_case), planned);
  }
  return blocks;
}

std::optional<Spread> spread_of(const Row& row, Metric metric) {
  std::vector<double> values;
  for (const Sample& sample : row.valid) {
    const Reading reading = metric(sample);
    if (const auto* counted = std::get_if<Counted>(&reading)) values.push_back(counted->value);
  }
  const auto median = stats::median(values);
  const auto extremes = stats::extremes(values);
  if (!median || !extremes) return std::nullopt;
  return Spread{*median, extremes->min, extremes->max};
}

const Row* baseline_of(const Block& block, const std::string& baseline) {
  for (const Row& row : block.rows) {
    if (row.valid.empty() || sends_nothing(row.the_case)) continue;
    if (baseline.empty() || variant_name(row.the_case) == baseline ||
        mode_name(row.the_case) == baseline)
      return &row;
  }
  return nullptr;
}

}  // namespace ub::report
