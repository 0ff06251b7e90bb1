#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "error_queue.hpp"

namespace ub::path {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// The operations that a range gives back; empty when it is refused.
std::vector<std::uint32_t> completed(ZerocopyIds& ids, std::uint32_t lo, std::uint32_t hi) {
  Releases releases;
  const bool known = ids.completed(lo, hi, CopyReport::copied, releases);
  EXPECT_EQ(known, !releases.empty());
  std::vector<std::uint32_t> operations;
  for (const Release& release : releases) operations.push_back(release.operation);
  return operations;
}

/// Issues the numbers of `count` sends for operations 100, 101, ...
void issue(ZerocopyIds& ids, std::uint32_t count) {
  for (std::uint32_t i = 0; i < count; ++i) ids.issued(100 + i);
}

TEST(ZerocopyIdsTest, OneNumberGivesItsOperationBack) {
  ZerocopyIds ids;
  ids.issued(42);
  EXPECT_THAT(completed(ids, 0, 0), ElementsAre(42));
}

TEST(ZerocopyIdsTest, CarriesWhatTheKernelSaid) {
  ZerocopyIds ids;
  issue(ids, 2);
  Releases releases;
  ids.completed(0, 0, CopyReport::copied, releases);
  ids.completed(1, 1, CopyReport::real, releases);
  ASSERT_EQ(releases.size(), 2U);
  EXPECT_EQ(releases[0].copy, CopyReport::copied);
  EXPECT_EQ(releases[1].copy, CopyReport::real);
}

TEST(ZerocopyIdsTest, ACoalescedRangeGivesEachOfThemBack) {
  ZerocopyIds ids;
  issue(ids, 5);
  EXPECT_THAT(completed(ids, 0, 3), ElementsAre(100, 101, 102, 103));
  EXPECT_THAT(completed(ids, 4, 4), ElementsAre(104));
}

TEST(ZerocopyIdsTest, AShortSendIsTwoNumbersOfOneOperation) {
  ZerocopyIds ids;
  ids.issued(7);
  ids.issued(7);
  EXPECT_THAT(completed(ids, 0, 1), ElementsAre(7, 7));
}

TEST(ZerocopyIdsTest, RangesMayArriveOutOfOrder) {
  ZerocopyIds ids;
  issue(ids, 6);
  EXPECT_THAT(completed(ids, 4, 5), ElementsAre(104, 105));
  EXPECT_THAT(completed(ids, 2, 2), ElementsAre(102));
  EXPECT_THAT(completed(ids, 0, 1), ElementsAre(100, 101));
  EXPECT_THAT(completed(ids, 3, 3), ElementsAre(103));
}

TEST(ZerocopyIdsTest, RefusesANumberThatWasNotIssued) {
  ZerocopyIds ids;
  EXPECT_THAT(completed(ids, 0, 0), IsEmpty());
  issue(ids, 3);
  EXPECT_THAT(completed(ids, 3, 3), IsEmpty());
  EXPECT_THAT(completed(ids, 0xffffffff, 0xffffffff), IsEmpty());
}

TEST(ZerocopyIdsTest, RefusesARangeThatReachesTooFarAndKeepsTheRest) {
  ZerocopyIds ids;
  issue(ids, 3);
  EXPECT_THAT(completed(ids, 1, 3), IsEmpty());
  EXPECT_THAT(completed(ids, 0xffffffff, 1), IsEmpty());
  EXPECT_THAT(completed(ids, 0, 2), ElementsAre(100, 101, 102));
}

TEST(ZerocopyIdsTest, RefusesARangeTheWrongWayRound) {
  ZerocopyIds ids;
  issue(ids, 3);
  EXPECT_THAT(completed(ids, 2, 0), IsEmpty());
}

TEST(ZerocopyIdsTest, RefusesANumberTwice) {
  ZerocopyIds ids;
  issue(ids, 3);
  EXPECT_THAT(completed(ids, 0, 0), ElementsAre(100));
  EXPECT_THAT(completed(ids, 0, 0), IsEmpty());
}

TEST(ZerocopyIdsTest, ARangeWithADoneNumberInItGivesNothingBack) {
  ZerocopyIds ids;
  issue(ids, 4);
  EXPECT_THAT(completed(ids, 2, 2), ElementsAre(102));
  EXPECT_THAT(completed(ids, 0, 3), IsEmpty());
  EXPECT_THAT(completed(ids, 0, 1), ElementsAre(100, 101)) << "they are still outstanding";
}

TEST(ZerocopyIdsTest, NumbersWrapAtTwoToTheThirtyTwo) {
  ZerocopyIds ids(0xfffffffe);
  issue(ids, 4);  // 0xfffffffe, 0xffffffff, 0, 1
  EXPECT_THAT(completed(ids, 2, 2), IsEmpty());
  EXPECT_THAT(completed(ids, 0xffffffff, 0), ElementsAre(101, 102));
  EXPECT_THAT(completed(ids, 0xfffffffe, 0xfffffffe), ElementsAre(100));
  EXPECT_THAT(completed(ids, 1, 1), ElementsAre(103));
}

TEST(ZerocopyIdsTest, GrowsAndForgetsNothing) {
  constexpr std::uint32_t kMany = 5000;
  ZerocopyIds ids(0xfffffff0);  // so that it grows across the wrap
  issue(ids, kMany);
  const auto operations = completed(ids, 0xfffffff0, 0xfffffff0 + kMany - 1);
  ASSERT_EQ(operations.size(), kMany);
  for (std::uint32_t i = 0; i < kMany; ++i) EXPECT_EQ(operations[i], 100 + i);
}

TEST(ZerocopyIdsTest, GrowsWithHolesInIt) {
  ZerocopyIds ids;
  issue(ids, 200);
  EXPECT_THAT(completed(ids, 100, 100), ElementsAre(200));
  for (std::uint32_t i = 200; i < 1000; ++i) ids.issued(100 + i);
  EXPECT_THAT(completed(ids, 100, 100), IsEmpty());
  EXPECT_THAT(completed(ids, 999, 999), ElementsAre(1099));
  EXPECT_EQ(completed(ids, 0, 99).size(), 100U);
  EXPECT_EQ(completed(ids, 101, 998).size(), 898U);
}

}  // namespace
}  // namespace ub::path
