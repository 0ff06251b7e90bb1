// Ledgers side by side, call trees over each other, merged histograms.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/studies.hpp"

namespace ub::analysis {
namespace {

using namespace test;
using testing::ElementsAre;

TEST(Flames, TheWaysIntoTheKernelAreOneFrame) {
  const std::string entry = "system call to the socket";
  EXPECT_THAT(comparable_frames("std::thread::run();ub::engine::UringEngine::run();[liburing.so.2];"
                                "do_syscall_64_[k];io_send_[k];tcp_sendmsg_[k];memcpy_[k]"),
              ElementsAre("user code", entry, "tcp_sendmsg", "memcpy"));
  EXPECT_THAT(comparable_frames("main;send;do_syscall_64_[k];__sys_sendto_[k];tcp_sendmsg_[k]"),
              ElementsAre("user code", entry, "tcp_sendmsg"));
  EXPECT_THAT(comparable_frames("main;ub::path::flatten();memcpy"),
              ElementsAre("user code", "ub::path::flatten()", "memcpy"));
  EXPECT_THAT(comparable_frames("main;poll;entry_SYSCALL_64_after_hwframe_[k];schedule_[k]"),
              ElementsAre("user code", "schedule"));
}

TEST(Flames, SamplesBecomeTimeByTheExactTotal) {
  LedgerGroup group;
  group.title = "size 4K";
  std::vector<FoldedStacks> stacks;
  for (const auto& [path, family] :
       {std::pair("two-copy", Family::two_copy), std::pair("gather", Family::one_copy)}) {
    CaseLedger ledger;
    ledger.the_case = case_of(EngineKind::uring, path, family, 4096);
    ledger.server.total_ns = 1000;
    ledger.client.missing = "not profiled";
    group.cases.push_back(ledger);
    stacks.push_back(
        {ledger.the_case, "server",
         path == std::string("gather") ? "a;x_[k] 3\na;y_[k] 1\ntorn" : "a;x_[k] 5\n"});
  }
  const std::vector<FlameGroup> flames = flames_of({group}, stacks);
  ASSERT_EQ(flames.size(), 1U);
  EXPECT_EQ(flames[0].role, "server");
  EXPECT_THAT(flames[0].root.ns_per_message, ElementsAre(1000, 1000));
  const FlameNode& user = flames[0].root.callees.at(0);
  ASSERT_EQ(user.callees.size(), 2U);
  EXPECT_EQ(user.callees[0].frame, "x");
  EXPECT_THAT(user.callees[0].ns_per_message, ElementsAre(1000, 750));
  EXPECT_THAT(user.callees[1].ns_per_message, ElementsAre(0, 250));
}

Sample with_histogram(std::uint32_t rep, std::vector<HistogramBin> bins) {
  Sample sample = sample_of(case_of(EngineKind::epoll, "two-copy", Family::two_copy, 1024), 1, rep);
  sample.requests.emplace();
  sample.requests->histogram = std::move(bins);
  return sample;
}

TEST(LatencyCurves, MergeHistogramsAndEndWhereTenRequestsAreLeft) {
  const std::vector<Sample> samples{with_histogram(0, {{100, 102, 500}, {200, 202, 400}}),
                                    with_histogram(1, {{100, 102, 100}, {800, 808, 1000}})};
  const auto curves =
      latency_curves_of(arrange(plan_for(samples, 2), samples, Purpose::comparison));
  ASSERT_EQ(curves.size(), 1U);
  EXPECT_EQ(curves[0].count, 2000U);
  EXPECT_EQ(curves[0].repetitions, 2U);
  const LatencyPoint& last = curves[0].points.back();
  EXPECT_LE(last.quantile, 1 - 10.0 / 2000);
  EXPECT_EQ(last.ns, 804);
  EXPECT_EQ(curves[0].points.front().ns, 101);
  std::uint64_t binned = 0;
  for (const HistogramBin& bin : curves[0].bins) binned += bin.count;
  EXPECT_EQ(binned, 2000U);
}

TEST(CpuLeaders, AreThoseThatSpendLeastOfBothRoles) {
  const StudyData study = test::study_of(verdict_samples(10));
  const Analysis analysis = analyse(study);
  ASSERT_FALSE(analysis.cpu_leaders.empty());
  const Leaders& cpu = analysis.cpu_leaders.front();
  for (const Row& row : analysis.groups.front().rows) {
    const auto own = spread_of(row, cpu_ns_per_message);
    for (const Row& other : analysis.groups.front().rows) {
      if (variant_name(other.the_case) != cpu.names.front()) continue;
      EXPECT_GE(own->median, spread_of(other, cpu_ns_per_message)->median * 0.999);
    }
  }
}

}  // namespace
}  // namespace ub::analysis
