// What is said of the kernel's own copying is what the kernel said.
#include "contract.hpp"
#include "session.hpp"

namespace ub::engine {
namespace {

class CopyReportTest : public ContractTest {
 protected:
  static ZeroCopyCounts counts() {
    Case c = case_of(GetParam());
    c.clients = 2;
    const Books books = run(c, 4U << 20U);
    expect_balanced(c, books);
    const ZeroCopyCounts& counts = books.engine.zero_copy;
    if (books.engine.sends.short_sends == 0 && counts.sends > 0) {
      EXPECT_EQ(counts.sends, books.engine.sends.operations);
    }
    return counts;
  }
};

/// Loopback copies what it delivers (skb_orphan_frags_rx()), so every notification must say so and
/// none may be missing.
TEST_P(CopyReportTest, OnLoopbackEveryNotifiedSendWasCopied) {
  if (GetParam().path->reuse != path::Reuse::on_notification) {
    GTEST_SKIP() << "this path has no notifications";
  }
  const ZeroCopyCounts zero_copy = counts();
  EXPECT_GT(zero_copy.sends, 0U);
  EXPECT_EQ(zero_copy.real, 0U);
  const bool by_ring = GetParam().path->name != "msg-zerocopy";
  if (by_ring && !probe().of(uring::Feature::send_zc_report_usage).present()) {
    EXPECT_EQ(zero_copy.unreported, zero_copy.sends) << "a kernel that cannot say did";
  } else {
    EXPECT_EQ(zero_copy.copied, zero_copy.sends);
    EXPECT_EQ(zero_copy.unreported, 0U);
  }
}

TEST_P(CopyReportTest, SendsByReferenceAreNeverReported) {
  if (GetParam().path->reuse != path::Reuse::never) GTEST_SKIP() << "not sent by reference";
  const ZeroCopyCounts zero_copy = counts();
  EXPECT_GT(zero_copy.sends, 0U);
  EXPECT_EQ(zero_copy.unreported, zero_copy.sends);
  EXPECT_EQ(zero_copy.real + zero_copy.copied, 0U);
}

TEST_P(CopyReportTest, PathsThatCopyClaimNoZeroCopySends) {
  if (GetParam().path->family == Family::zero_copy) GTEST_SKIP() << "a zero-copy path";
  EXPECT_EQ(counts(), ZeroCopyCounts{});
}

INSTANTIATE_TEST_SUITE_P(Contract, CopyReportTest, testing::ValuesIn(every_pair()), name_of_pair);

}  // namespace
}  // namespace ub::engine
