#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "rendered.hpp"

namespace ub::report {
namespace {

using testing::HasSubstr;
using testing::Not;

Sample two_copy() {
  return sample_of(case_of(EngineKind::pthread, "two-copy", Family::two_copy, 4096), 20);
}

/// What the study adds by itself: shorter than what it prices, and marked.
Sample price_of(EngineKind engine, std::uint64_t messages) {
  Sample sample = null_sample(engine, messages);
  sample.the_case.purpose = Purpose::harness;
  sample.the_case.duration_ns = 200'000'000;
  return sample;
}

std::string last_paragraph_before_notes(const std::string& table) {
  const auto start = table.find("harness cost");
  return start == std::string::npos ? "" : table.substr(start, table.find("\n\n", start) - start);
}

TEST(Harness, ItsPriceStandsBelowTheTableAndIsNoRow) {
  const std::string table = table_of({two_copy(), price_of(EngineKind::pthread, 50'000'000),
                                      price_of(EngineKind::uring, 4'000'000)});
  EXPECT_EQ(last_paragraph_before_notes(table),
            "harness cost (null path): pthread 20.0 ns, uring 250 ns a message");
  EXPECT_THAT(table, Not(HasSubstr("pthread-null")));
  EXPECT_THAT(table, HasSubstr("window 1 s")) << "the head is the comparison's";
  EXPECT_THAT(table, Not(HasSubstr("window 200 ms")));
}

TEST(Harness, ANullPathThatWasAskedForStaysARow) {
  const std::string table = table_of({two_copy(), null_sample(EngineKind::pthread, 50'000'000)});
  EXPECT_THAT(table, HasSubstr("pthread-null"));
}

TEST(Harness, APriceThatCouldNotBeHadSaysWhy) {
  const std::string table =
      table_of({two_copy(), failed_sample(price_of(EngineKind::uring, 1).the_case, Status::failed,
                                          "the server process was ended by signal 9")});
  EXPECT_THAT(table, HasSubstr("\nuring-null: failed: the server process was ended by signal 9\n"));
}

TEST(Harness, ACsvHoldsTheComparisonOnly) {
  const std::vector<Sample> samples = {two_copy(), price_of(EngineKind::pthread, 50'000'000)};
  const std::string csv = rendered("csv", plan_for(samples), samples);
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 2) << "a header and one row";
}

}  // namespace
}  // namespace ub::report
