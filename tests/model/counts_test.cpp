// Every row of the counts table, in all that derives from it.
#include "uringbench/model/counts.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <set>

#include "uringbench/model/json.hpp"

namespace ub {
namespace {

void fill(Number& value, Number seed) {
  value = seed;
}

void fill(ErrorCounts& errors, Number seed) {
  errors = {{"EPIPE", seed}};
}

void fill(Text& text, Number seed) {
  text = std::to_string(seed);
}

/// Every row of the group counts; no two have the same value.
template <typename Counts>
Counts counts_from(Number seed) {
  Counts counts;
  for_each_count<Counts>([&](const auto& row) { fill(counts.*row.member, seed++); });
  return counts;
}

template <typename Counts>
class CountsTableTest : public testing::Test {};

using Groups = testing::Types<SendCounts, ZeroCopyCounts, ArrivalCounts, HeldCounts, LoadCounts>;
TYPED_TEST_SUITE(CountsTableTest, Groups);

TYPED_TEST(CountsTableTest, EveryRowIsAddedInItsWay) {
  const auto first = counts_from<TypeParam>(100);
  const auto second = counts_from<TypeParam>(1000);
  TypeParam total = first;
  total += second;
  for_each_count<TypeParam>([&](const auto& row) {
    auto expected = first.*row.member;
    if constexpr (std::is_same_v<decltype(expected), Number>) {
      const Number more = second.*row.member;
      expected = row.adds == Adds::max ? more : expected + more;
    } else if constexpr (std::is_same_v<decltype(expected), ErrorCounts>) {
      expected["EPIPE"] += (second.*row.member).at("EPIPE");
    }
    EXPECT_EQ(total.*row.member, expected) << row.name;
  });
}

TYPED_TEST(CountsTableTest, EveryRowIsInJsonByItsKeyAndComesBack) {
  const auto counts = counts_from<TypeParam>(100);
  const Json json = counts;
  EXPECT_EQ(json.get<TypeParam>(), counts);
  std::set<std::string_view> keys;
  for_each_count<TypeParam>([&](const auto& row) {
    EXPECT_TRUE(keys.insert(row.key).second) << row.key << " is the key of two rows";
    EXPECT_FALSE(row.meaning.empty()) << row.name;
    Json without = json;
    ASSERT_EQ(without.erase(row.key), 1U);
    if (row.older_files == OlderFiles::have_it) {
      EXPECT_THROW(without.get<TypeParam>(), Json::exception) << row.name;
    } else {
      EXPECT_EQ(without.get<TypeParam>().*row.member, TypeParam().*row.member) << row.name;
    }
  });
  EXPECT_EQ(json.size(), keys.size());
}

template <typename TallyCell>
void count(TallyCell& cell, Number seed) {
  if constexpr (std::is_same_v<TallyCell, Counter>) cell.add(seed);
  if constexpr (std::is_same_v<TallyCell, ErrorTally>) cell.add(EPIPE);
}

template <typename Counts>
void count_all(Tally<Counts>& tally) {
  Number seed = 100;
  for_each_count<Counts>([&](const auto& row) { count(tally.*row.cell, seed++); });
}

template <typename Counts>
void expect_counted(const Counts& counts) {
  Number seed = 100;
  for_each_count<Counts>([&](const auto& row) {
    const auto& value = counts.*row.member;
    if constexpr (std::is_same_v<decltype(value), const Number&>) {
      const bool counted = value == seed;
      EXPECT_TRUE(counted || row.writer == Writer::derived) << row.name << ' ' << value;
    } else if constexpr (std::is_same_v<decltype(value), const ErrorCounts&>) {
      EXPECT_EQ(value, (ErrorCounts{{"EPIPE", 1}}));
    }
    ++seed;
  });
}

TEST(CountsTable, ATallyCountsEveryRowThatAThreadWrites) {
  Tally<LoadCounts> load;
  count_all(load);
  expect_counted(read(load));
  Tally<ServerCounts> server;
  for_each_server_group(
      [&](auto /*group*/, auto tally, auto... /*rest*/) { count_all(server.*tally); });
  const ServerCounts counts = read(server);
  for_each_server_group([&](auto group, auto... /*rest*/) { expect_counted(counts.*group); });
}

ServerCounts server_counts(Number seed) {
  ServerCounts counts;
  for_each_server_group([&]<typename Counts>(Counts ServerCounts::*group, auto... /*rest*/) {
    counts.*group = counts_from<Counts>(seed);
  });
  return counts;
}

TEST(CountsTable, EveryRowOfASampleIsTheWindowsOrTheWholeRuns) {
  const ServerCounts before = server_counts(100);
  const ServerCounts after = server_counts(1000);
  const ServerCounts total = server_counts(5000);
  const ServerCounts sample = counts_of_sample(before, after, total);
  for_each_server_group([&]<typename Counts>(Counts ServerCounts::*group, auto... /*rest*/) {
    for_each_count<Counts>([&](const auto& row) {
      using Value = std::remove_cvref_t<decltype(before.*group.*row.member)>;
      Value expected = total.*group.*row.member;
      if (row.span == Span::window) fill(expected, 900);
      EXPECT_EQ(sample.*group.*row.member, expected) << row.name;
      EXPECT_TRUE(row.adds == Adds::sum || row.span == Span::run)
          << row.name << ": what does not add up has no difference";
    });
  });
}

TEST(CountsTable, TheSumOfServersHasEveryGroup) {
  ServerCounts total = server_counts(100);
  total += server_counts(1000);
  for_each_server_group([&]<typename Counts>(Counts ServerCounts::*group, auto... /*rest*/) {
    Counts expected = counts_from<Counts>(100);
    expected += counts_from<Counts>(1000);
    EXPECT_EQ(total.*group, expected);
  });
}

TEST(CountsTable, WhatHasNotBeenReportedIsUnreported) {
  Tally<ServerCounts> tally;
  tally.zero_copy.sends.add(10);
  tally.zero_copy.real.add(3);
  tally.zero_copy.copied.add(2);
  EXPECT_EQ(read(tally).zero_copy.unreported, 5U);
}

TEST(CountsTable, NoTwoColumnsOfCsvHaveOneName) {
  std::set<std::string_view> columns;
  for_each_server_group([&]<typename Counts>(Counts ServerCounts::* /*group*/, auto... /*rest*/) {
    for_each_count<Counts>([&](const auto& row) {
      EXPECT_FALSE(row.column.empty()) << row.name;
      EXPECT_TRUE(columns.insert(row.column).second) << row.column;
    });
  });
}

}  // namespace
}  // namespace ub
