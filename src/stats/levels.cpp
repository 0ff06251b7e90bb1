#include "uringbench/stats/levels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

namespace ub::stats {
namespace {

constexpr double kLeastApart = 1.10;  // a smaller difference misleads nobody

struct Threshold {
  std::size_t values;
  double share;
};

/// Share of the variance between the parts that one normal sample in 1,000 exceeds: 200,000 samples
/// of each size.
constexpr std::array kThresholds{Threshold{8, 0.970},  Threshold{10, 0.949}, Threshold{12, 0.926},
                                 Threshold{16, 0.893}, Threshold{20, 0.868}, Threshold{30, 0.830},
                                 Threshold{40, 0.805}};

double threshold_for(std::size_t values) {
  if (values >= kThresholds.back().values) return kThresholds.back().share;
  const auto above = std::find_if(kThresholds.begin(), kThresholds.end(),
                                  [&](const Threshold& each) { return each.values >= values; });
  if (above == kThresholds.begin()) return above->share;
  const auto below = std::prev(above);
  const double way = static_cast<double>(values - below->values) /
                     static_cast<double>(above->values - below->values);
  return std::lerp(below->share, above->share, way);
}

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Variance between the parts of a cut, times the number of values.
double between(std::span<const double> values, std::size_t cut) {
  const double apart = mean_of(values.subspan(cut)) - mean_of(values.first(cut));
  const auto n = static_cast<double>(values.size());
  const auto k = static_cast<double>(cut);
  return apart * apart * k * (n - k) / n;
}

}  // namespace

std::optional<TwoLevels> two_levels(std::span<const double> values) {
  if (values.size() < kFewestForLevels) return std::nullopt;
  std::vector<double> logs;
  logs.reserve(values.size());
  for (const double value : values) {
    if (value <= 0) return std::nullopt;
    logs.push_back(std::log(value));
  }
  std::sort(logs.begin(), logs.end());
  const double mean = mean_of(logs);
  double total = 0;
  for (const double each : logs) total += (each - mean) * (each - mean);
  if (total <= 0) return std::nullopt;

  const std::size_t least = (logs.size() + 3) / 4;
  std::size_t best = least;
  for (std::size_t cut = least; cut <= logs.size() - least; ++cut) {
    if (between(logs, cut) > between(logs, best)) best = cut;
  }
  if (between(logs, best) / total <= threshold_for(logs.size())) return std::nullopt;
  const std::span<const double> sorted(logs);
  const TwoLevels found{std::exp(mean_of(sorted.first(best))),
                        std::exp(mean_of(sorted.subspan(best))), logs.size() - best};
  return found.high >= kLeastApart * found.low ? std::optional(found) : std::nullopt;
}

}  // namespace ub::stats
