#include <gmock/gmock.h>

#include <algorithm>
#include <cerrno>

#include "fake_counters.hpp"
#include "uringbench/perf/counter_board.hpp"

namespace ub::perf {
namespace {

const CounterStatus& find(const std::vector<CounterStatus>& list, std::string_view name) {
  return *std::find_if(list.begin(), list.end(),
                       [&](const CounterStatus& each) { return each.name == name; });
}

TEST(ListCounters, TellsAvailableFromNotAndFromNeverScheduled) {
  FakeCounters source;
  source.failures["llc_misses"] = ENOENT;
  for (const CounterSpec& spec : counter_catalogue())
    source.counts[std::string(spec.name)] = {1, 5, 5};
  source.counts["l1d_misses"] = {0, 5, 0};
  const auto list = list_counters(source);
  EXPECT_FALSE(find(list, "cycles").unavailable);
  EXPECT_FALSE(find(list, "context_switches").unavailable);
  EXPECT_THAT(find(list, "llc_misses").unavailable->reason, ::testing::HasSubstr("failed"));
  EXPECT_THAT(find(list, "l1d_misses").unavailable->reason,
              ::testing::HasSubstr("never scheduled"));
}

TEST(ListCounters, NamesEachCounterOnce) {
  FakeCounters source;
  auto list = list_counters(source);
  const auto by_name = [](const CounterStatus& a, const CounterStatus& b) {
    return a.name < b.name;
  };
  std::sort(list.begin(), list.end(), by_name);
  const auto same = [](const CounterStatus& a, const CounterStatus& b) { return a.name == b.name; };
  EXPECT_EQ(std::adjacent_find(list.begin(), list.end(), same), list.end());
}

TEST(ListCountersOnThisKernel, GivesEachMissingCounterAReason) {
  for (const CounterStatus& each : list_counters()) {
    if (!each.unavailable) continue;
    EXPECT_GT(each.unavailable->reason.size(), 20U) << each.name;
  }
}

}  // namespace
}  // namespace ub::perf
