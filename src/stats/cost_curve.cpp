#include "cost_curve.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "uringbench/base/check.hpp"

namespace ub::stats {
namespace {

constexpr int kStepsBetweenSizes = 32;
constexpr int kHalvings = 30;

/// The x between `outside` and `inside` where `holds` becomes true, to 2^-30 of their distance.
template <typename Holds>
double boundary(double outside, double inside, const Holds& holds) {
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (outside + inside) / 2;
    (holds(middle) ? inside : outside) = middle;
  }
  return inside;
}

/// Every x at which `holds` changes from one grid point to the next.
template <typename Holds>
std::vector<double> changes(std::span<const double> grid, const Holds& holds) {
  std::vector<double> result;
  for (std::size_t i = 1; i < grid.size(); ++i) {
    const bool after = holds(grid[i]);
    if (holds(grid[i - 1]) == after) continue;
    result.push_back(after ? boundary(grid[i - 1], grid[i], holds)
                           : boundary(grid[i], grid[i - 1], holds));
  }
  return result;
}

}  // namespace

CostCurve::CostCurve(std::span<const CostPoint> points) {
  for (const CostPoint& point : points) {
    std::optional<std::vector<double>> ratios = log_ratios(point.a, point.b);
    if (!ratios || ratios->size() < 2) continue;
    blocks_ = ratios_.empty() ? ratios->size() : std::min(blocks_, ratios->size());
    xs_.push_back(std::log(static_cast<double>(point.size_bytes)));
    ratios_.push_back(*std::move(ratios));
  }
}

Interval CostCurve::zero_between(std::uint64_t below_bytes, std::uint64_t above_bytes,
                                 double level) const {
  const double first = std::log(static_cast<double>(below_bytes));
  const double last = std::log(static_cast<double>(above_bytes));
  const std::vector<double> xs = grid(first, last);
  const auto positive = [&](double x) { return at(x, level).value > 0; };
  const std::vector<double> zeros = changes(xs, positive);
  check(zeros.size() % 2 == 1, "a curve crosses 0 between values of opposite sign");
  const double zero = zeros[zeros.size() / 2];

  double level_here = level;
  const auto holds_zero = [&](double x) {
    const Interval interval = at(x, level);
    level_here = interval.level;
    return interval.low <= 0 && interval.high >= 0;
  };
  // Around a zero the interval may be narrower than a step of the grid, so every zero counts too.
  std::vector<double> equal = changes(xs, holds_zero);
  equal.insert(equal.end(), zeros.begin(), zeros.end());
  if (holds_zero(first)) equal.push_back(first);
  if (holds_zero(last)) equal.push_back(last);
  const auto [low, high] = std::minmax_element(equal.begin(), equal.end());
  return {std::exp(*low), std::exp(zero), std::exp(*high), level_here};
}

Interval CostCurve::at(double x, double level) const {
  const auto above = std::lower_bound(xs_.begin() + 1, xs_.end() - 1, x);
  const auto right = static_cast<std::size_t>(above - xs_.begin());
  const double share = (x - xs_[right - 1]) / (xs_[right] - xs_[right - 1]);
  std::vector<double> ratios(blocks_);
  for (std::size_t block = 0; block < blocks_; ++block) {
    ratios[block] = std::lerp(ratios_[right - 1][block], ratios_[right][block], share);
  }
  const std::optional<Interval> interval = median_interval(ratios, level);
  check(interval.has_value(), "a curve has two blocks or more at every size");
  return *interval;
}

/// Equal steps between neighbouring measured sizes from `first` to `last`, both included.
std::vector<double> CostCurve::grid(double first, double last) const {
  std::vector<double> result;
  for (std::size_t i = 0; i + 1 < xs_.size(); ++i) {
    if (xs_[i] < first || xs_[i + 1] > last) continue;
    for (int step = 0; step < kStepsBetweenSizes; ++step) {
      result.push_back(
          std::lerp(xs_[i], xs_[i + 1], static_cast<double>(step) / kStepsBetweenSizes));
    }
  }
  result.push_back(last);
  return result;
}

}  // namespace ub::stats
