#include "uringbench/stats/permutation.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>

#include "uringbench/base/check.hpp"
#include "uringbench/stats/random.hpp"

namespace ub::stats {
namespace {

/// Sums of the same terms in another order differ by rounding only; that must not break a tie.
/// Enough for kMostExact additions one after another.
constexpr double kRounding = 1e-10;

double magnitude(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) {
    check(std::isfinite(value), "statistics take finite values");
    sum += std::fabs(value);
  }
  return sum;
}

double random_p(std::uint64_t hits, const PermutationOptions& options) {
  return static_cast<double>(1 + hits) / (1.0 + options.resamples);
}

/// The sum with the sign of value i flipped where bit i of `flips` is set.
double flipped_sum(std::span<const double> values, std::uint64_t flips) {
  double sum = 0;
  for (const double value : values) {
    sum += (flips & 1) != 0 ? -value : value;
    flips >>= 1;
  }
  return sum;
}

/// Gray code: each arrangement is the one before with one sign flipped. The last sign stays:
/// flipping all of them gives the same magnitude.
double exact_sign_flip(std::span<const double> values, double limit) {
  const std::uint64_t arrangements = std::uint64_t{1} << (values.size() - 1);
  double sum = flipped_sum(values, 0);
  std::uint64_t hits = 0;
  std::uint64_t flips = 0;
  for (std::uint64_t i = 1; i <= arrangements; ++i) {
    if (std::fabs(sum) >= limit) ++hits;
    const auto next = static_cast<std::size_t>(std::countr_zero(i));
    flips ^= std::uint64_t{1} << next;
    sum += ((flips >> next) & 1) != 0 ? -2 * values[next] : 2 * values[next];
  }
  return static_cast<double>(hits) / static_cast<double>(arrangements);
}

/// Sums of up to 8 values, by which of their signs are flipped: a resample adds one of these where
/// it would add 8 values.
using SumsByFlips = std::array<double, 256>;

SumsByFlips sums_by_flips(std::span<const double> values) {
  SumsByFlips sums{};
  sums[0] = flipped_sum(values, 0);
  for (std::size_t flips = 1; flips < sums.size(); ++flips) {
    const auto lowest = static_cast<std::size_t>(std::countr_zero(flips));
    const double value = lowest < values.size() ? values[lowest] : 0;
    sums[flips] = sums[flips & (flips - 1)] - 2 * value;
  }
  return sums;
}

double random_sign_flip(std::span<const double> values, double limit,
                        const PermutationOptions& options) {
  constexpr std::size_t kByte = 8;
  std::vector<SumsByFlips> bytes;
  for (std::size_t first = 0; first < values.size(); first += kByte) {
    bytes.push_back(sums_by_flips(values.subspan(first, std::min(kByte, values.size() - first))));
  }
  Random random(options.seed);
  std::uint64_t hits = 0;
  for (std::uint32_t i = 0; i < options.resamples; ++i) {
    double sum = 0;
    std::uint64_t flips = 0;
    for (std::size_t byte = 0; byte < bytes.size(); ++byte) {
      flips = byte % sizeof(flips) == 0 ? random.next() : flips >> kByte;
      sum += bytes[byte][flips & 0xffU];
    }
    if (std::fabs(sum) >= limit) ++hits;
  }
  return random_p(hits, options);
}

}  // namespace

std::optional<double> sign_flip_test(std::span<const double> differences,
                                     const PermutationOptions& options) {
  if (differences.empty()) return std::nullopt;
  const double scale = magnitude(differences);
  const double limit = std::fabs(flipped_sum(differences, 0)) - kRounding * scale;
  const bool few = differences.size() <= 16;
  static_assert(std::uint64_t{1} << 16 == kMostExact);
  return few ? exact_sign_flip(differences, limit) : random_sign_flip(differences, limit, options);
}

double smallest_sign_flip_p(std::size_t blocks) {
  return std::exp2(1 - static_cast<double>(blocks));
}

std::vector<double> adjust_false_discovery(std::span<const double> p_values) {
  const std::size_t count = p_values.size();
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [p_values](std::size_t x, std::size_t y) { return p_values[x] < p_values[y]; });
  std::vector<double> adjusted(count);
  double least = 1;
  for (std::size_t rank = count; rank > 0; --rank) {
    const std::size_t test = order[rank - 1];
    check(p_values[test] >= 0 && p_values[test] <= 1, "a p-value lies between 0 and 1");
    least =
        std::min(least, p_values[test] * static_cast<double>(count) / static_cast<double>(rank));
    adjusted[test] = least;
  }
  return adjusted;
}

}  // namespace ub::stats
