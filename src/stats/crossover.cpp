#include "uringbench/stats/crossover.hpp"

#include <algorithm>
#include <cmath>

#include "cost_curve.hpp"
#include "uringbench/base/check.hpp"

namespace ub::stats {
namespace {

Side winner(const Comparison& size) {
  if (size.verdict == Verdict::faster) return Side::a;
  return size.verdict == Verdict::slower ? Side::b : Side::neither;
}

std::vector<Comparison> compare_sizes(std::span<const CostPoint> points, CompareOptions options) {
  options.better = Better::lower;
  options.false_discovery_rate /= 2;  // a crossing is two claims: one on either side of it
  options.design = Design::paired;
  std::vector<Sides> sides;
  for (const CostPoint& point : points) sides.push_back({point.a, point.b, point.noise_floor});
  return compare(sides, options);
}

/// One crossing for each two neighbouring winners that differ.
std::vector<Crossing> find_crossings(std::span<const CostPoint> points,
                                     std::span<const Comparison> sizes, double level) {
  const CostCurve curve(points);
  std::vector<Crossing> crossings;
  std::optional<std::size_t> last;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (winner(sizes[i]) == Side::neither) continue;
    if (last && winner(sizes[*last]) != winner(sizes[i])) {
      const std::uint64_t below = points[*last].size_bytes;
      const std::uint64_t above = points[i].size_bytes;
      crossings.push_back(
          {curve.zero_between(below, above, level), below, above, winner(sizes[*last])});
    }
    last = i;
  }
  return crossings;
}

/// Where nothing crosses, all winners are one side; neither when there is none.
Side only_winner(std::span<const Comparison> sizes) {
  for (const Comparison& size : sizes) {
    if (winner(size) != Side::neither) return winner(size);
  }
  return Side::neither;
}

/// Whether a size without a verdict leaves room for a winner other than `leader`.
bool may_differ(const Comparison& size, Side leader) {
  if (size.verdict != Verdict::undecided) return false;
  if (!size.ratio || leader == Side::neither) return true;
  const double margin = 1 + size.threshold;
  return leader == Side::a ? size.ratio->high >= margin : size.ratio->low <= 1 / margin;
}

/// The most that any of the open sizes needs; nullopt when one needs more than can be run.
std::optional<std::uint64_t> most_needed(std::span<const Comparison> open) {
  std::uint64_t most = 0;
  for (const Comparison& size : open) {
    if (!size.more_blocks) return std::nullopt;
    most = std::max(most, *size.more_blocks);
  }
  return most;
}

void judge_without_crossing(Crossover& result) {
  const Side leader = only_winner(result.sizes);
  std::vector<Comparison> open;
  std::copy_if(result.sizes.begin(), result.sizes.end(), std::back_inserter(open),
               [leader](const Comparison& size) { return may_differ(size, leader); });
  if (open.empty()) {
    result.outcome = CrossoverOutcome::never;
    result.cheaper = leader;
    return;
  }
  result.outcome = CrossoverOutcome::undecided;
  result.more_blocks = most_needed(open);
}

}  // namespace

Crossover find_crossover(std::span<const CostPoint> points, CompareOptions options) {
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool ascends = i == 0 || points[i - 1].size_bytes < points[i].size_bytes;
    check(points[i].size_bytes > 0 && ascends, "sizes of a cost curve ascend from above 0");
  }
  Crossover result;
  result.sizes = compare_sizes(points, options);
  if (points.size() < 2) return result;
  result.crossings = find_crossings(points, result.sizes, options.level);
  if (result.crossings.empty()) {
    judge_without_crossing(result);
  } else {
    result.outcome =
        result.crossings.size() == 1 ? CrossoverOutcome::crossing : CrossoverOutcome::several;
  }
  return result;
}

}  // namespace ub::stats
