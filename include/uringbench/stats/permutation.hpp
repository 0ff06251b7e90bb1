#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/// Tests that assume no distribution: under "no difference" the labels of the data are
/// interchangeable, so the data itself says how rare its arrangement is (Fisher 1935; Good,
/// Permutation Tests, 2000).
namespace ub::stats {

struct PermutationOptions {
  std::uint32_t resamples = 20'000;  ///< random arrangements, where there are too many to try all
  std::uint64_t seed = 1;
};

/// Up to so many arrangements are all tried, and the p-value is exact: 16 blocks.
/// Above, it is (1 + hits) / (1 + resamples): never 0 (Phipson and Smyth, 2010).
inline constexpr std::uint64_t kMostExact = 65'536;

/// Two-sided p-value that paired differences (log ratios of blocks) have their centre at 0: each
/// block's sign is flipped, the statistic is the mean. nullopt for no values. n blocks cannot give
/// less than smallest_sign_flip_p(n): at least 6 blocks are needed for p <= 0.05.
std::optional<double> sign_flip_test(std::span<const double> differences,
                                     const PermutationOptions& options = {});

/// 2^(1-n).
double smallest_sign_flip_p(std::size_t blocks);

/// The p-values adjusted for being many: calling every one at or below q significant keeps the
/// expected share of false ones among them at or below q (Benjamini and Hochberg, J. R. Statist.
/// Soc. B 57, 1995; valid for independent and positively dependent tests). In the order given.
std::vector<double> adjust_false_discovery(std::span<const double> p_values);

}  // namespace ub::stats
