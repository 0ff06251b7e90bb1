#include <gtest/gtest.h>

#include "request_lane.hpp"

namespace ub::load {
namespace {

TEST(RequestLoopTest, SleepsUntilShortOfTheTimeDue) {
  constexpr std::uint64_t kNow = 5'000'000'000;
  EXPECT_EQ(sleep_ns(Watcher::kForever, kNow), Watcher::kForever);
  EXPECT_EQ(sleep_ns(kNow - 1, kNow), 0U);
  EXPECT_EQ(sleep_ns(kNow + kSpinNs, kNow), 0U);
  EXPECT_EQ(sleep_ns(kNow + kSpinNs + 511, kNow), 511U);
  EXPECT_EQ(sleep_ns(kNow + kSpinNs + 512'000, kNow), 511'000U);
}

}  // namespace
}  // namespace ub::load
