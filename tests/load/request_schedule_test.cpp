#include "request_schedule.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace ub::load {
namespace {

std::vector<std::uint64_t> times_of(const SchedulePlan& plan, std::size_t count) {
  Schedule schedule(plan);
  std::vector<std::uint64_t> times;
  for (; times.size() < count; schedule.advance()) times.push_back(schedule.next_ns());
  return times;
}

std::vector<double> gaps_of(const std::vector<std::uint64_t>& times) {
  std::vector<double> gaps;
  for (std::size_t i = 1; i < times.size(); ++i) {
    gaps.push_back(static_cast<double>(times[i] - times[i - 1]));
  }
  return gaps;
}

TEST(RequestScheduleTest, FixedGapsAreExactForEver) {
  EXPECT_EQ(times_of({1000, Gaps::fixed, 0, 0}, 3),
            (std::vector<std::uint64_t>{0, 1'000'000, 2'000'000}));
  EXPECT_EQ(times_of({1000, Gaps::fixed, 0.5, 0}, 2),
            (std::vector<std::uint64_t>{500'000, 1'500'000}));
  EXPECT_EQ(times_of({3e5, Gaps::fixed, 0, 0}, 3'000'001).back(), 10'000'000'000U);
}

TEST(RequestScheduleTest, PoissonGapsHaveTheMeanAndTheDistribution) {
  constexpr std::size_t kCount = 100'000;
  constexpr double kMeanNs = 20'000;
  const auto times = times_of({50'000, Gaps::poisson, 0, 7}, kCount + 1);
  auto gaps = gaps_of(times);
  // The mean of n exponential gaps has a relative standard error of 1 / sqrt(n), 0.32 %.
  EXPECT_NEAR(static_cast<double>(times.back()) / kCount, kMeanNs, 0.0126 * kMeanNs);
  std::sort(gaps.begin(), gaps.end());
  double distance = 0;
  for (std::size_t i = 0; i < kCount; ++i) {
    const double expected = 1 - std::exp(-gaps[i] / kMeanNs);
    distance = std::max(distance, std::abs(static_cast<double>(i + 1) / kCount - expected));
  }
  // Kolmogorov-Smirnov: one sample in a hundred lies further out than 1.63 / sqrt(n).
  EXPECT_LT(distance, 1.63 / std::sqrt(kCount));
}

TEST(RequestScheduleTest, PoissonGapsDoNotDependOnEachOther) {
  constexpr std::size_t kCount = 100'000;
  const auto gaps = gaps_of(times_of({1e6, Gaps::poisson, 0, 3}, kCount + 2));
  double sum = 0;
  for (std::size_t i = 0; i < kCount; ++i) sum += (gaps[i] - 1000) * (gaps[i + 1] - 1000);
  const double correlation = sum / kCount / (1000.0 * 1000.0);
  EXPECT_NEAR(correlation, 0, 4 / std::sqrt(kCount));
}

TEST(RequestScheduleTest, TheSeedDecides) {
  const auto with_seed = [](std::uint64_t seed) {
    return times_of({1000, Gaps::poisson, 0, seed}, 5);
  };
  EXPECT_EQ(with_seed(1), with_seed(1));
  EXPECT_NE(with_seed(1), with_seed(2));
}

TEST(RequestScheduleTest, ThreadsShareTheRateAsTheyShareTheClients) {
  CrewSetup setup;
  setup.the_case.rate_per_s = 900;
  setup.seed = 1;
  const std::vector<Placement> placements{{0, 0, 1}, {1, 1, 2}};
  const SchedulePlan first = share_of(setup, placements, 0);
  const SchedulePlan second = share_of(setup, placements, 1);
  EXPECT_DOUBLE_EQ(first.rate_per_s, 300);
  EXPECT_DOUBLE_EQ(second.rate_per_s, 600);
  EXPECT_EQ(first.phase, 0);
  EXPECT_EQ(second.phase, 0.5);
  EXPECT_NE(first.seed, second.seed);
  setup.seed = 2;
  EXPECT_NE(share_of(setup, placements, 0).seed, second.seed) << "seed 2 is not seed 1 moved on";
}

}  // namespace
}  // namespace ub::load
