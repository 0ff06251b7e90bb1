#include "uringbench/analysis/latency_curves.hpp"

#include <bit>
#include <cmath>
#include <map>

#include "uringbench/stats/histogram.hpp"

namespace ub::analysis {
namespace {

/// Bins by their lower edge. Those of all samples have one layout (stats/histogram.hpp).
using Bins = std::map<std::uint64_t, HistogramBin>;

struct Merged {
  Bins bins;
  std::uint64_t count = 0;
  std::size_t repetitions = 0;
};

Merged merged_of(const Row& row) {
  Merged merged;
  for (const Sample* sample : row.valid) {
    if (!sample->requests || sample->requests->histogram.empty()) continue;
    ++merged.repetitions;
    for (const HistogramBin& bin : sample->requests->histogram) {
      const auto [known, is_new] = merged.bins.try_emplace(bin.lower_ns, bin);
      if (!is_new) known->second.count += bin.count;
      merged.count += bin.count;
    }
  }
  return merged;
}

/// Twenty quantiles for every ninefold of rarity: 0 %, …, 90 %, …, 99 %, …
std::vector<double> quantiles_for(std::uint64_t count) {
  constexpr int kStepsPerDecade = 20;
  constexpr int kMostDecades = 6;
  std::vector<double> quantiles;
  for (int step = 0; step <= kStepsPerDecade * kMostDecades; ++step) {
    const double beyond = std::pow(10.0, -static_cast<double>(step) / kStepsPerDecade);
    const double quantile = 1 - beyond;
    if (step > 0 && stats::samples_needed(quantile) > count) {
      if (quantile > 0.5) break;  // the rarer ones need more still
      continue;                   // as rare at the lower end
    }
    if (step > 0) quantiles.push_back(quantile);
  }
  return quantiles;
}

/// The middle of the bin that holds each quantile, in one walk.
std::vector<LatencyPoint> points_of(const Merged& merged) {
  std::vector<LatencyPoint> points;
  auto bin = merged.bins.begin();
  std::uint64_t below = 0;
  for (const double quantile : quantiles_for(merged.count)) {
    const auto rank =
        static_cast<std::uint64_t>(std::ceil(quantile * static_cast<double>(merged.count)));
    while (below + bin->second.count < rank) below += (bin++)->second.count;
    points.push_back(
        {quantile, static_cast<double>(bin->second.lower_ns + bin->second.upper_ns) / 2});
  }
  return points;
}

/// The lower edge of the quarter of a power of two that holds `ns`; below 8 ns as it is.
std::uint64_t quarter_of(std::uint64_t ns) {
  const int bits = static_cast<int>(std::bit_width(ns));
  if (bits <= 3) return ns;
  const int dropped = bits - 3;
  return (ns >> dropped) << dropped;
}

std::vector<HistogramBin> quarters_of(const Bins& bins) {
  Bins quarters;
  for (const auto& [lower, bin] : bins) {
    const std::uint64_t from = quarter_of(lower);
    const int dropped = std::max(static_cast<int>(std::bit_width(from)) - 3, 0);
    HistogramBin& quarter = quarters[from];
    quarter.lower_ns = from;
    quarter.upper_ns = from + (std::uint64_t{1} << dropped);
    quarter.count += bin.count;
  }
  std::vector<HistogramBin> all;
  for (const auto& [lower, quarter] : quarters) all.push_back(quarter);
  return all;
}

}  // namespace

std::vector<LatencyCurve> latency_curves_of(const std::vector<Group>& groups) {
  std::vector<LatencyCurve> curves;
  for (const Group& group : groups) {
    for (const Row& row : group.rows) {
      const Merged merged = merged_of(row);
      if (merged.count == 0) continue;
      curves.push_back({group.title, row.the_case, merged.count, merged.repetitions,
                        points_of(merged), quarters_of(merged.bins)});
    }
  }
  return curves;
}

}  // namespace ub::analysis
