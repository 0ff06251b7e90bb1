#include "uringbench/model/reading.hpp"

#include <gtest/gtest.h>

#include "uringbench/model/json.hpp"

namespace ub {
namespace {

const Counted& counted(const Reading& reading) {
  return std::get<Counted>(reading);
}

TEST(Scaled, LeavesACounterThatAlwaysRanAlone) {
  const Reading reading = scaled({1000, 500, 500});
  EXPECT_DOUBLE_EQ(counted(reading).value, 1000);
  EXPECT_DOUBLE_EQ(counted(reading).running, 1);
}

TEST(Scaled, ScalesUpByTheShareThatRan) {
  const Reading reading = scaled({1000, 400, 100});
  EXPECT_DOUBLE_EQ(counted(reading).value, 4000);
  EXPECT_DOUBLE_EQ(counted(reading).running, 0.25);
}

TEST(Scaled, IsUnavailableWhenTheCounterNeverRan) {
  const Reading reading = scaled({0, 400, 0});
  ASSERT_TRUE(std::holds_alternative<Unavailable>(reading));
  EXPECT_NE(std::get<Unavailable>(reading).reason.find("never scheduled"), std::string::npos);
}

TEST(Scaled, IsUnavailableWhenNothingWasEnabled) {
  EXPECT_TRUE(std::holds_alternative<Unavailable>(scaled({0, 0, 0})));
}

TEST(Difference, CutsAWindowFromRawCountsNotFromScaledTotals) {
  // Alone until the first read, a quarter of the time after it: 1000 events in the window, seen
  // 250. Subtracting the scaled totals would give 850 / 0.7 - 600 = 614.
  const Readings window =
      difference({{"cycles", scaled({600, 600, 600})}}, {{"cycles", scaled({850, 1000, 700})}});
  EXPECT_DOUBLE_EQ(counted(window.at("cycles")).value, 1000);
  EXPECT_DOUBLE_EQ(counted(window.at("cycles")).running, 0.25);
}

TEST(Difference, IsUnavailableWhenTheCounterDidNotRunInTheWindow) {
  const Readings window =
      difference({{"cycles", scaled({600, 600, 600})}}, {{"cycles", scaled({600, 900, 600})}});
  EXPECT_TRUE(std::holds_alternative<Unavailable>(window.at("cycles")));
}

TEST(Difference, RefusesACounterThatRanBackwards) {
  const Readings window =
      difference({{"cycles", scaled({600, 600, 600})}}, {{"cycles", scaled({500, 900, 900})}});
  EXPECT_TRUE(std::holds_alternative<Unavailable>(window.at("cycles")));
}

TEST(Difference, SubtractsPlainCounts) {
  const Readings window =
      difference({{"page_faults", Counted{3, 1}}}, {{"page_faults", Counted{10, 1}}});
  EXPECT_EQ(window.at("page_faults"), Reading(Counted{7, 1}));
}

TEST(Difference, KeepsTheFirstReasonAndNamesAMissingStart) {
  const Readings window = difference({{"a", Unavailable{"no PMU"}}},
                                     {{"a", Unavailable{"other"}}, {"b", Counted{1, 1}}});
  EXPECT_EQ(window.at("a"), Reading(Unavailable{"no PMU"}));
  EXPECT_TRUE(std::holds_alternative<Unavailable>(window.at("b")));
}

TEST(ReadingJson, KeepsRawCountsForTheOtherEndOfTheChannel) {
  const Readings readings{{"cycles", scaled({1000, 400, 100})},
                          {"page_faults", Counted{7, 1}},
                          {"llc_misses", Unavailable{"no PMU"}}};
  const Json json = readings;
  EXPECT_EQ(json.at("cycles").at("value"), 4000.0);
  EXPECT_EQ(json.at("cycles").at("running"), 0.25);
  EXPECT_FALSE(json.at("page_faults").contains("raw"));
  EXPECT_EQ(json.get<Readings>(), readings);
}

}  // namespace
}  // namespace ub
