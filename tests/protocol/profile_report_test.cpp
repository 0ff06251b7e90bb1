#include "uringbench/protocol/profile_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

namespace ub::protocol {
namespace {

using testing::HasSubstr;

/// 60 samples of copying, 40 of TCP, each worth 1 ms.
ProfileReport sixty_forty() {
  ProfileReport report;
  report.profile.event = "cpu-clock";
  report.tally.categories[Category::copy_in] = {.samples = 60, .weight = 60e6};
  report.tally.categories[Category::tcp_ip] = {
      .samples = 40, .weight = 40e6, .interrupt_weight = 10e6};
  report.tally.samples = 100;
  report.tally.weight = 100e6;
  report.tally.squared_weight = 100 * 1e12;
  return report;
}

const LedgerLine& line_of(const RoleProfile& profile, Category category) {
  for (const LedgerLine& line : profile.ledger.lines) {
    if (line.category == category) return line;
  }
  throw std::out_of_range("no such line");
}

TEST(WithLedger, TurnsSharesIntoCostByTheExactTotals) {
  const auto either =
      with_ledger(sixty_forty(), {.cpu_ns = 1'000'000, .messages = 1000, .bytes = 64'000});
  const auto& profile = std::get<RoleProfile>(either);
  EXPECT_EQ(profile.event, "cpu-clock");
  EXPECT_EQ(profile.ledger.samples, 100U);
  EXPECT_DOUBLE_EQ(line_of(profile, Category::copy_in).ns_per_message->value, 600);
  EXPECT_DOUBLE_EQ(line_of(profile, Category::tcp_ip).ns_per_message->value, 400);
  EXPECT_DOUBLE_EQ(line_of(profile, Category::tcp_ip).interrupt_share, 0.25);
}

TEST(WithLedger, SumOfCategoriesIsTheTotal) {
  const auto either =
      with_ledger(sixty_forty(), {.cpu_ns = 1'234'567, .messages = 1000, .bytes = 1});
  const auto& lines = std::get<RoleProfile>(either).ledger.lines;
  const double sum = std::accumulate(
      lines.begin(), lines.end(), 0.0,
      [](double before, const LedgerLine& line) { return before + line.ns_per_message->value; });
  EXPECT_NEAR(sum, 1234.567, 1e-6);
}

TEST(WithLedger, KeepsTheReasonAndMakesNoLedgerOfNothing) {
  EXPECT_EQ(std::get<Unavailable>(with_ledger(Unavailable{"no perf"}, {})).reason, "no perf");
  EXPECT_THAT(std::get<Unavailable>(with_ledger(ProfileReport{}, {})).reason,
              HasSubstr("no sample"));
}

TEST(CutFolded, LeavesWhatFits) {
  EXPECT_EQ(cut_folded("a;b 3\nc 1\n", 100), "a;b 3\nc 1\n");
  EXPECT_EQ(cut_folded("", 0), "");
}

TEST(CutFolded, KeepsTheMostFrequentAndCountsTheRest) {
  EXPECT_EQ(cut_folded("a 1\nb 5\nc 2\nd 9\n", 8), "b 5\nd 9\n[stacks left out] 3\n");
}

}  // namespace
}  // namespace ub::protocol
