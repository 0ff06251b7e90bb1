#include "uringbench/stats/permutation.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "mean.hpp"
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

double random_sign_flip(std::span<const double> values, double limit,
                        const PermutationOptions& options) {
  Random random(options.seed);
  std::uint64_t hits = 0;
  for (std::uint32_t i = 0; i < options.resamples; ++i) {
    double sum = 0;
    for (std::size_t first = 0; first < values.size(); first += 64) {
      const std::size_t count = std::min<std::size_t>(64, values.size() - first);
      sum += flipped_sum(values.subspan(first, count), random.next());
    }
    if (std::fabs(sum) >= limit) ++hits;
  }
  return random_p(hits, options);
}

/// Ways to choose `few` of `all`; kMostExact + 1 for anything above kMostExact.
std::uint64_t choices(std::size_t all, std::size_t few) {
  double ways = 1;
  for (std::size_t i = 1; i <= few && ways <= static_cast<double>(kMostExact); ++i) {
    ways = ways * static_cast<double>(all - few + i) / static_cast<double>(i);
  }
  return std::min(kMostExact + 1, static_cast<std::uint64_t>(std::llround(ways)));
}

/// Labels of both sides, and how far the means of the two lie apart under a labelling.
class Labels {
 public:
  Labels(std::span<const double> a, std::span<const double> b) : first_(a.size()) {
    values_.assign(a.begin(), a.end());
    values_.insert(values_.end(), b.begin(), b.end());
    total_ = std::accumulate(values_.begin(), values_.end(), 0.0);
  }

  /// Tries every choice of which values are `a`'s.
  double exact(double limit) const {
    std::vector<char> chosen(values_.size(), 0);
    std::fill_n(chosen.begin(), first_, char{1});
    std::uint64_t hits = 0;
    std::uint64_t tried = 0;
    do {
      double sum = 0;
      for (std::size_t i = 0; i < values_.size(); ++i) sum += chosen[i] != 0 ? values_[i] : 0;
      if (std::fabs(distance(sum)) >= limit) ++hits;
      ++tried;
    } while (std::prev_permutation(chosen.begin(), chosen.end()));
    return static_cast<double>(hits) / static_cast<double>(tried);
  }

  /// Shuffles only as many values as `a` has (Fisher and Yates).
  double drawn(double limit, const PermutationOptions& options) {
    Random random(options.seed);
    std::uint64_t hits = 0;
    for (std::uint32_t i = 0; i < options.resamples; ++i) {
      double sum = 0;
      for (std::size_t at = 0; at < first_; ++at) {
        std::swap(values_[at], values_[at + random.below(values_.size() - at)]);
        sum += values_[at];
      }
      if (std::fabs(distance(sum)) >= limit) ++hits;
    }
    return random_p(hits, options);
  }

 private:
  [[nodiscard]] double distance(double sum) const {
    const auto count = static_cast<double>(first_);
    return sum / count - (total_ - sum) / (static_cast<double>(values_.size()) - count);
  }

  std::vector<double> values_;
  std::size_t first_;
  double total_ = 0;
};

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

std::optional<double> label_test(std::span<const double> a, std::span<const double> b,
                                 const PermutationOptions& options) {
  if (a.empty() || b.empty()) return std::nullopt;
  const double scale = magnitude(a) + magnitude(b);
  const double limit = std::fabs(mean_of(a) - mean_of(b)) - kRounding * scale;
  Labels labels(a, b);
  const bool few = choices(a.size() + b.size(), a.size()) <= kMostExact;
  return few ? labels.exact(limit) : labels.drawn(limit, options);
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
