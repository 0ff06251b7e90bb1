#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "uringbench/stats/interval.hpp"

namespace ub::stats {

struct BootstrapOptions {
  double level = 0.95;
  std::uint32_t resamples = 2000;
  std::uint64_t seed = 1;
};

/// median(a) / median(b) of two independent sets of repetitions, with the percentile bootstrap
/// interval (Efron and Tibshirani, 1993, ch. 13). For two studies that share no blocks; within one
/// study use paired_ratio(), whose interval is narrower. nullopt with fewer than kFewestToResample
/// values on a side, where the interval falls well short of its level, and when a value is not
/// above 0.
std::optional<Interval> ratio_of_medians(std::span<const double> a, std::span<const double> b,
                                         const BootstrapOptions& options = {});

inline constexpr std::size_t kFewestToResample = 4;

}  // namespace ub::stats
