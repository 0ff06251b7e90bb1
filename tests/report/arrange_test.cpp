#include "arrange.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "factors.hpp"
#include "fixtures.hpp"
#include "uringbench/model/json.hpp"

namespace ub::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Case two_copy(std::uint64_t size_bytes) {
  return case_of(EngineKind::pthread, "two-copy", Family::two_copy, size_bytes);
}

Case gather(std::uint64_t size_bytes) {
  return case_of(EngineKind::pthread, "gather", Family::one_copy, size_bytes);
}

TEST(Arrange, KeepsTheOrderOfThePlan) {
  Plan plan;
  plan.cases = {{gather(64), ""}, {two_copy(4096), ""}, {two_copy(64), ""}};
  const auto blocks = arrange(plan, {sample_of(two_copy(64), 1), sample_of(two_copy(4096), 1)});
  ASSERT_EQ(blocks.size(), 2U);
  ASSERT_EQ(blocks[0].rows.size(), 2U);
  EXPECT_EQ(blocks[0].rows[0].the_case, gather(64));
  EXPECT_EQ(blocks[0].rows[1].the_case, two_copy(64));
  EXPECT_EQ(blocks[0].rows[1].valid.size(), 1U);
  EXPECT_EQ(blocks[1].rows[0].the_case, two_copy(4096));
}

TEST(Arrange, SamplesThatWereNotPlannedAreKept) {
  const auto blocks = arrange({}, {sample_of(gather(64), 1)});
  ASSERT_EQ(blocks.size(), 1U);
  EXPECT_EQ(blocks[0].rows[0].valid.size(), 1U);
}

TEST(Arrange, FailuresAreCountedByStatusAndReason) {
  const auto blocks = arrange({}, {failed_sample(gather(64), Status::failed, "a"),
                                   failed_sample(gather(64), Status::invalid, "b"),
                                   failed_sample(gather(64), Status::failed, "a")});
  EXPECT_THAT(blocks[0].rows[0].failures,
              ElementsAre(Failure{"failed", "a", 2}, Failure{"invalid", "b", 1}));
}

TEST(Arrange, ABlockHoldsWhatDiffersInModeAndBatchOnly) {
  Case batched = gather(64);
  batched.batch = 64;
  EXPECT_TRUE(comparable(two_copy(64), batched));
  const std::vector<void (*)(Case&)> changes{[](Case& c) { c.size_bytes = 65; },
                                             [](Case& c) { c.clients = 2; },
                                             [](Case& c) { c.fields = 1; },
                                             [](Case& c) { c.working_set_bytes = 1; },
                                             [](Case& c) { c.nodelay = Switch::on; },
                                             [](Case& c) { c.congestion = "bbr"; },
                                             [](Case& c) { c.send_buffer_bytes = 1; },
                                             [](Case& c) { c.receive_buffer_bytes = 1; },
                                             [](Case& c) { c.client_lowat_bytes = 1; },
                                             [](Case& c) { c.verify = Switch::on; },
                                             [](Case& c) { c.server_cpus.clear(); },
                                             [](Case& c) { c.client_cpus.clear(); },
                                             [](Case& c) { c.warmup_ns = 1; },
                                             [](Case& c) { c.duration_ns = 1; }};
  for (const auto change : changes) {
    Case other = two_copy(64);
    change(other);
    EXPECT_FALSE(comparable(two_copy(64), other)) << Json(other);
  }
}

/// A factor that the model gains must get a text here, or heads would not name what blocks differ
/// in.
}  // namespace
}  // namespace ub::report
