#include <gmock/gmock.h>
#include <linux/perf_event.h>

#include <algorithm>
#include <set>

#include "uringbench/perf/counter_board.hpp"

namespace ub::perf {
namespace {

using ::testing::Contains;

/// A software event that a RoleMeter opens on every thread.
bool costs_every_switch(const CounterSpec& spec) {
  return spec.type == PERF_TYPE_SOFTWARE && spec.for_roles == ForRoles::yes;
}

TEST(CounterSets, EachFitsTheHardwareAndCarriesTheCommonFooting) {
  for (const CounterSet& set : counter_sets()) {
    const auto& names = set.selection.names;
    EXPECT_THAT(names, Contains("cycles"));
    EXPECT_THAT(names, Contains("instructions"));
    const auto is_hardware = [](const std::string& name) {
      return find_counter(name)->type != PERF_TYPE_SOFTWARE;
    };
    EXPECT_LE(std::count_if(names.begin(), names.end(), is_hardware), 5) << set.name;
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size()) << set.name;
  }
}

TEST(CounterSets, CoverTheCatalogueInOneRoundOfRepetitions) {
  std::set<std::string, std::less<>> seen;
  for (std::uint32_t rep = 0; rep < counter_sets().size(); ++rep) {
    const auto& names = counter_set_of(rep).selection.names;
    seen.insert(names.begin(), names.end());
  }
  for (const CounterSpec& spec : counter_catalogue()) {
    if (costs_every_switch(spec)) continue;
    EXPECT_THAT(seen, Contains(spec.name));
  }
}

/// Without a PMU nothing is left that context switches would have to carry.
TEST(CounterSets, PutNoSoftwareEventOnThreads) {
  for (const CounterSet& set : counter_sets()) {
    for (const std::string& name : set.selection.names) {
      EXPECT_FALSE(costs_every_switch(*find_counter(name))) << set.name << ": " << name;
    }
  }
}

TEST(CounterSets, StartAgainAfterTheLast) {
  const auto round = static_cast<std::uint32_t>(counter_sets().size());
  EXPECT_EQ(counter_set_of(1).name, counter_set_of(1 + round).name);
  EXPECT_NE(counter_set_of(0).name, counter_set_of(1).name);
}

TEST(Multiplexed, IsWhatRanTooLittle) {
  EXPECT_TRUE(is_multiplexed({{"cycles", Counted{1, 0.43}}, {"instructions", Counted{1, 1}}}));
  EXPECT_FALSE(is_multiplexed({{"cycles", Counted{1, 0.95}}, {"instructions", Counted{1, 1}}}));
}

TEST(Multiplexed, IsNotWhatDidNotCountAtAll) {
  EXPECT_FALSE(is_multiplexed({{"cycles", Unavailable{"no PMU"}}}));
}

}  // namespace
}  // namespace ub::perf
