// The economics of notifications: how many buffers have to be away at once.
#include <algorithm>
#include <unordered_map>

#include "uringbench/analysis/arrange.hpp"

namespace ub::analysis {
namespace {

/// Share of the best rate. Repetitions of one case commonly differ by as much as the rest.
constexpr double kEnough = 0.95;

using Rows = std::vector<const Row*>;

/// Rows that are alike but for how many buffers they have, in the order in which a row with the
/// fewest of its kind stands in the group.
std::vector<Rows> alike_but_for_buffers(const Group& group) {
  std::vector<Rows> kinds;
  std::unordered_map<Case, std::size_t, CaseHash> known;
  for (const Row& row : group.rows) {
    if (row.the_case.notify.when == Notify::lazy || row.valid.empty()) continue;
    Case plain = row.the_case;
    plain.notify = {};
    const auto [kind, is_new] = known.try_emplace(plain, kinds.size());
    if (is_new) kinds.emplace_back();
    kinds[kind->second].push_back(&row);
  }
  for (Rows& rows : kinds) {
    std::stable_sort(rows.begin(), rows.end(), [](const Row* left, const Row* right) {
      return buffers_of(left->the_case) < buffers_of(right->the_case);
    });
  }
  std::sort(kinds.begin(), kinds.end(),
            [](const Rows& left, const Rows& right) { return left.front() < right.front(); });
  return kinds;
}

double median_rate(const Row& row) {
  const auto rate = spread_of(row, message_rate);
  return rate ? rate->median : 0;
}

EnoughBuffers enough_of(const Rows& rows) {
  double best = 0;
  for (const Row* row : rows) best = std::max(best, median_rate(*row));
  const auto enough = std::find_if(rows.begin(), rows.end(), [best](const Row* row) {
    return median_rate(*row) >= kEnough * best;
  });
  Case c = (*enough)->the_case;
  const std::uint64_t buffers = buffers_of(c);
  c.notify = {};
  return {variant_name(c), buffers, buffers * c.batch * c.size_bytes, kEnough};
}

}  // namespace

std::uint64_t buffers_of(const Case& the_case) {
  const Case& c = the_case;
  if (c.notify.when == Notify::each) return 1;
  if (c.notify.buffers > 0) return c.notify.buffers;
  return std::min<std::uint64_t>(c.working_set_bytes / (c.size_bytes * c.batch), kMaxNotifyBuffers);
}

void judge_buffers(Group& group) {
  group.compares_buffers = std::any_of(group.rows.begin(), group.rows.end(), [](const Row& row) {
    return row.the_case.notify != NotifyFactors{};
  });
  if (!group.compares_buffers) return;
  const bool any = std::any_of(group.rows.begin(), group.rows.end(), [](const Row& row) {
    return spread_of(row, held_peak_bytes).has_value();
  });
  if (!any) return;
  for (const Rows& rows : alike_but_for_buffers(group)) {
    if (rows.size() > 1) group.enough_buffers.push_back(enough_of(rows));
  }
}

}  // namespace ub::analysis
