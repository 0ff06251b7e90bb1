#include "uringbench/analysis/arrange.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/studies.hpp"
#include "uringbench/model/json.hpp"

namespace ub::analysis {
namespace {

using namespace test;

using testing::ElementsAre;
using testing::HasSubstr;

Case two_copy(std::uint64_t size_bytes) {
  return case_of(EngineKind::pthread, "two-copy", Family::two_copy, size_bytes);
}

Case gather(std::uint64_t size_bytes) {
  return case_of(EngineKind::pthread, "gather", Family::one_copy, size_bytes);
}

std::size_t groups_of(const Case& a, const Case& b) {
  return arrange({}, {sample_of(a, 1), sample_of(b, 1)}, Purpose::comparison).size();
}

TEST(Arrange, KeepsTheOrderOfThePlan) {
  Plan plan;
  plan.cases = {{gather(64), ""}, {two_copy(4096), ""}, {two_copy(64), ""}};
  const std::vector<Sample> samples{sample_of(two_copy(64), 1), sample_of(two_copy(4096), 1)};
  const auto groups = arrange(plan, samples, Purpose::comparison);
  ASSERT_EQ(groups.size(), 2U);
  ASSERT_EQ(groups[0].rows.size(), 2U);
  EXPECT_EQ(groups[0].rows[0].the_case, gather(64));
  EXPECT_EQ(groups[0].rows[1].the_case, two_copy(64));
  EXPECT_EQ(groups[0].rows[1].valid.size(), 1U);
  EXPECT_EQ(groups[1].rows[0].the_case, two_copy(4096));
}

TEST(Arrange, SamplesThatWereNotPlannedAreKept) {
  const std::vector<Sample> samples{sample_of(gather(64), 1)};
  const auto groups = arrange({}, samples, Purpose::comparison);
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].rows[0].valid.size(), 1U);
}

TEST(Arrange, FailuresAreCountedByStatusAndReason) {
  const std::vector<Sample> samples{failed_sample(gather(64), Status::failed, "a"),
                                    failed_sample(gather(64), Status::invalid, "b"),
                                    failed_sample(gather(64), Status::failed, "a")};
  const auto groups = arrange({}, samples, Purpose::comparison);
  EXPECT_THAT(groups[0].rows[0].failures,
              ElementsAre(Failure{"failed", "a", 2}, Failure{"invalid", "b", 1}));
}

TEST(Arrange, AGroupHoldsWhatDiffersInVariantsOnly) {
  Case batched = gather(64);
  batched.batch = 64;
  EXPECT_EQ(groups_of(two_copy(64), batched), 1U);
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
    EXPECT_EQ(groups_of(two_copy(64), other), 2U) << Json(other);
  }
}

TEST(Arrange, OtherPurposesAreNoRows) {
  std::vector<Sample> samples{sample_of(gather(64), 1), sample_of(gather(64), 1)};
  samples.back().the_case.purpose = Purpose::harness;
  EXPECT_EQ(arrange({}, samples, Purpose::comparison).front().rows.front().valid.size(), 1U);
  EXPECT_EQ(arrange({}, samples, Purpose::harness).front().rows.front().valid.size(), 1U);
}

TEST(Titles, NameSizeClientsAndWhatDiffers) {
  Case other = two_copy(64);
  other.verify = Switch::on;
  const Case first = two_copy(64);
  const Titles titles({&first, &other});
  EXPECT_EQ(titles.of(other), "size 64, 1 client, verify on");
  EXPECT_EQ(titles.of(other, Titles::Size::left_out), "1 client, verify on");
  for (const Titles::Shared& each : titles.shared()) {
    EXPECT_NE(each.text, "");
    EXPECT_THAT(titles.of(first), testing::Not(HasSubstr(each.text)));
  }
}

}  // namespace
}  // namespace ub::analysis
