#include "uringbench/plan/schedule.hpp"

#include <algorithm>

#include "uringbench/plan/builder.hpp"
#include "uringbench/stats/drift.hpp"

namespace ub::plan {
namespace {

bool is_sentinel(const Plan& plan, std::size_t position) {
  return plan.cases[position].the_case.purpose == Purpose::sentinel;
}

std::size_t sentinels_a_block(const Plan& plan) {
  const std::uint32_t reps = plan.reps_at_beginning > 0 ? plan.reps_at_beginning : plan.reps;
  return (stats::kFewestSentinels + reps - 1) / reps;
}

}  // namespace

std::vector<Slot> block_schedule(const Plan& plan, std::uint32_t block) {
  std::vector<std::size_t> order = block_order(plan, block);
  const auto sentinel = std::find_if(order.begin(), order.end(),
                                     [&](std::size_t each) { return is_sentinel(plan, each); });
  std::vector<Slot> slots;
  if (sentinel == order.end()) {
    for (const std::size_t position : order) slots.push_back({position, block, block});
    return slots;
  }
  const std::size_t watcher = *sentinel;
  order.erase(sentinel);
  const std::size_t times = sentinels_a_block(plan);
  std::size_t placed = 0;
  for (std::size_t i = 0; i <= order.size(); ++i) {
    for (; placed < times && placed * order.size() <= i * times; ++placed) {
      slots.push_back({watcher, block, static_cast<std::uint32_t>(block * times + placed)});
    }
    if (i < order.size()) slots.push_back({order[i], block, block});
  }
  return slots;
}

}  // namespace ub::plan
