#include <gtest/gtest.h>

#include "uringbench/base/clock.hpp"
#include "uringbench/perf/reference_rates.hpp"

namespace ub::perf {
namespace {

TEST(TscRate, DividesTicksByTime) {
  const TscRate rate = tsc_rate({1000, 0, 20}, {3'001'000, 1'000'000, 30});
  EXPECT_DOUBLE_EQ(rate.ticks_per_second, 3e9);
  EXPECT_DOUBLE_EQ(rate.relative_error, 50e-6);
}

TEST(TscRate, MustHaveAWindow) {
  EXPECT_DEATH(tsc_rate({1000, 0, 20}, {2000, 1000, 20}), "1 ms apart");
}

TEST(EstimateTscCycles, MultipliesCpuTimeByTheRate) {
  const TscCyclesEstimate estimate = estimate_tsc_cycles(500'000'000, {3e9, 1e-6});
  EXPECT_DOUBLE_EQ(estimate.value, 1.5e9);
  EXPECT_DOUBLE_EQ(estimate.ticks_per_second, 3e9);
  EXPECT_DOUBLE_EQ(estimate.relative_error, 1e-6);
}

TEST(TscOfThisMachine, TicksAtAPlausibleSteadyRate) {
  const auto first = read_tsc_point();
  if (const auto* missing = std::get_if<Unavailable>(&first)) GTEST_SKIP() << missing->reason;
  const auto wait_5_ms = [] {
    const std::uint64_t end = now_ns() + 5'000'000;
    while (now_ns() < end) {
    }
    return std::get<TscPoint>(read_tsc_point());
  };
  const TscPoint second = wait_5_ms();
  const TscPoint third = wait_5_ms();
  const double once = tsc_rate(std::get<TscPoint>(first), second).ticks_per_second;
  const double again = tsc_rate(second, third).ticks_per_second;
  EXPECT_GT(once, 0.5e9);
  EXPECT_LT(once, 10e9);
  EXPECT_NEAR(once / again, 1, 0.01);
}

}  // namespace
}  // namespace ub::perf
