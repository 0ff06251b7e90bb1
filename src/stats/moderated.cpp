#include "uringbench/stats/moderated.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <cmath>
#include <numeric>

#include "series.hpp"

namespace ub::stats {
namespace {

using boost::math::digamma;
using boost::math::students_t;
using boost::math::trigamma;

double variance_of(std::span<const double> values, double mean) {
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum / static_cast<double>(values.size() - 1);
}

/// The mean of what is left when the same share was cut off at both ends. `variance` is that of one
/// value, if the mean of as many values without a cut were as uncertain as this one.
struct TrimmedMean {
  double mean = 0;
  double variance = 0;
  double degrees = 0;
};

/// One block in five at each end (Wilcox, Introduction to Robust Estimation, 2012): on virtual
/// machines one window in twenty is off by a fifth (two CPUs far apart), which would hide a real
/// difference. Of fewer than five blocks none can be spared. The variance is that of Tukey
/// and McLaughlin, from the winsorized values (Sankhya A 25, 1963).
TrimmedMean trimmed_mean(LogRatios values) {
  constexpr std::size_t kOneIn = 5;
  std::sort(values.begin(), values.end());
  const std::size_t cut = values.size() / kOneIn;
  const auto kept = std::span(values).subspan(cut, values.size() - 2 * cut);
  TrimmedMean result;
  result.mean = mean_of(kept);
  const double share = static_cast<double>(kept.size()) / static_cast<double>(values.size());
  for (double& value : values) value = std::clamp(value, kept.front(), kept.back());
  result.variance = variance_of(values, mean_of(values)) / (share * share);
  result.degrees = static_cast<double>(kept.size() - 1);
  return result;
}

/// Blocks that agree better than this do so by chance, or by the steps of a clock.
constexpr double kFinest = 1e-3;

/// x with trigamma(x) = y, by bisection: trigamma falls from infinity to 0.
double inverse_trigamma(double y) {
  double low = 1e-3;
  double high = 1e6;
  for (int i = 0; i < 100; ++i) {
    const double middle = std::sqrt(low * high);
    (trigamma(middle) > y ? low : high) = middle;
  }
  return low;
}

/// Expectation and variance of the log variances, less what so few degrees of freedom give alone.
struct LogVariances {
  double centre = 0;
  double excess = 0;  ///< variance between comparisons: above 0 where their noise really differs
  std::size_t count = 0;
};

LogVariances log_variances(std::span<const LogRatios> comparisons) {
  std::vector<double> centred;
  double expected = 0;
  for (const LogRatios& values : comparisons) {
    if (values.size() < 2) continue;
    const TrimmedMean own = trimmed_mean(values);
    if (own.variance <= 0) continue;  // no noise at all says nothing about its size
    const double half = own.degrees / 2;
    centred.push_back(std::log(own.variance) - digamma(half) + std::log(half));
    expected += trigamma(half);
  }
  if (centred.size() < 2) return {};
  const double centre = mean_of(centred);
  const auto count = static_cast<double>(centred.size());
  return {centre, variance_of(centred, centre) - expected / count, centred.size()};
}

}  // namespace

VariancePrior variance_prior(std::span<const LogRatios> comparisons) {
  constexpr std::size_t kFewest = 3;
  const LogVariances logs = log_variances(comparisons);
  if (logs.count < kFewest) return {};
  if (logs.excess <= 0) return {std::exp(logs.centre), kMostPriorDegrees};
  const double half = inverse_trigamma(logs.excess);
  const double variance = std::exp(logs.centre + digamma(half) - std::log(half));
  return {variance, std::min(2 * half, kMostPriorDegrees)};
}

std::optional<ModeratedMean> ModeratedMean::of(const LogRatios& values,
                                               const VariancePrior& prior) {
  if (values.size() < 2) return std::nullopt;
  const TrimmedMean own = trimmed_mean(values);
  ModeratedMean result;
  result.mean_ = own.mean;
  result.blocks_ = static_cast<double>(values.size());
  result.degrees_ = own.degrees + prior.degrees;
  const double shrunk =
      (prior.degrees * prior.variance + own.degrees * own.variance) / result.degrees_;
  result.variance_ = std::max({own.variance, shrunk, kFinest * kFinest});
  return result;
}

std::optional<ModeratedMean> ModeratedMean::difference(const std::vector<double>& a,
                                                       const std::vector<double>& b) {
  if (a.size() < 2 || b.size() < 2) return std::nullopt;
  const TrimmedMean of_a = trimmed_mean(a);
  const TrimmedMean of_b = trimmed_mean(b);
  const auto squared_error = [](const TrimmedMean& mean, std::size_t count) {
    return std::max(mean.variance, kFinest * kFinest) / static_cast<double>(count);
  };
  const double error_a = squared_error(of_a, a.size());
  const double error_b = squared_error(of_b, b.size());
  const double error = error_a + error_b;
  ModeratedMean result;
  result.mean_ = of_a.mean - of_b.mean;
  result.blocks_ = static_cast<double>(std::min(a.size(), b.size()));
  result.variance_ = error * result.blocks_;
  result.degrees_ =
      error * error / (error_a * error_a / of_a.degrees + error_b * error_b / of_b.degrees);
  return result;
}

double ModeratedMean::sigma() const {
  return std::sqrt(variance_);
}

Interval ModeratedMean::ratio(double level) const {
  const double t = boost::math::quantile(students_t(degrees_), (1 + level) / 2);
  const double half = t * std::sqrt(variance_ / blocks_);
  return {std::exp(mean_ - half), std::exp(mean_), std::exp(mean_ + half), level};
}

double ModeratedMean::p_within(double margin) const {
  const double limit = std::log1p(margin);
  const double error = std::sqrt(variance_ / blocks_);
  const double far = std::fabs(mean_);
  const students_t t(degrees_);
  const auto above = [&](double value) {
    return boost::math::cdf(boost::math::complement(t, value));
  };
  return std::min(1.0, above((far - limit) / error) + above((far + limit) / error));
}

}  // namespace ub::stats
