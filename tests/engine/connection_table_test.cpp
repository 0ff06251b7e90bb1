#include "connection_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ub::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<int> members(const ConnectionTable<int>& table) {
  std::vector<int> all;
  table.for_each([&](int member) { all.push_back(member); });
  return all;
}

TEST(ConnectionTableTest, NumbersOfThoseThatAreGoneAreGivenOutAgain) {
  ConnectionTable<int> table;
  for (int i = 0; i < 3; ++i) table.add(std::make_unique<int>(i));
  EXPECT_EQ(table.next_number(), 3U);
  EXPECT_EQ(*table.take(1), 1);
  EXPECT_EQ(table.size(), 2U);
  EXPECT_THAT(members(table), ElementsAre(0, 2));
  EXPECT_EQ(table.next_number(), 1U);
  const int& added = table.add(std::make_unique<int>(7));
  EXPECT_EQ(&added, &table[1]);
  EXPECT_THAT(members(table), ElementsAre(0, 7, 2));
  EXPECT_EQ(table.next_number(), 3U);
}

TEST(ConnectionTableTest, GrowsNoFurtherThanTheMostThatItHeld) {
  ConnectionTable<int> table;
  for (int i = 0; i < 1000; ++i) {
    const std::uint32_t number = table.next_number();
    EXPECT_LT(number, 2U);
    table.add(std::make_unique<int>(i));
    if (table.size() == 2) table.take(number);
  }
  table.clear();
  EXPECT_THAT(members(table), IsEmpty());
  EXPECT_EQ(table.next_number(), 0U);
}

}  // namespace
}  // namespace ub::engine
