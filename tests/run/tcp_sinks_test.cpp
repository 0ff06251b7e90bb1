// Samples over TCP into devices that drop: what only they have.
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "links.hpp"
#include "support/in_child.hpp"

namespace ub::run {
namespace {

using TcpSinksTest = LinksTest;

TEST_F(TcpSinksTest, IsRealForAUserWithoutRightsToo) {
  const std::optional<plan::Mode> mode = reporting_mode();
  if (!mode) GTEST_SKIP() << kNoReports;
  if (::geteuid() != 0) GTEST_SKIP() << "only root can be another user";
  const test::ChildReport report = test::in_child([&]() -> std::string {
    constexpr int kNobody = 65'534;
    EXPECT_EQ(::setgid(kNobody) + ::setuid(kNobody), 0);
    ::prctl(PR_SET_DUMPABLE, 1);  // or the server could not be joined: it hides its /proc entries
    if (::access(URINGBENCH_PROGRAM, X_OK) != 0) return "the program is out of that user's reach";
    Case c = case_over(Link::tcp_sink, *mode);
    send_whole_segments(c);
    c.duration_ns = 300'000'000;
    const Sample sample = run({c}, {}).front();
    if (sample.status == Status::unavailable) return sample.reason;
    expect_balanced(sample);
    EXPECT_GT(sample.zero_copy->real, 0U);
    EXPECT_EQ(sample.zero_copy->copied, 0U);
    return "";
  });
  if (!report.text.empty()) GTEST_SKIP() << report.text;
  EXPECT_EQ(report.status, 0);
}

/// The kernel says "copied" of them, and nothing copies: the cause must say so.
TEST_F(TcpSinksTest, SendsThatShareASegmentAreNamedWhereTheyAreReportedAsCopied) {
  const std::optional<plan::Mode> mode = reporting_mode();
  if (!mode) GTEST_SKIP() << kNoReports;
  Case c = case_over(Link::tcp_sink, *mode);
  c.duration_ns = 300'000'000;
  const Sample sample = run({c}, {}).front();
  ASSERT_TRUE(sample.zero_copy) << sample.reason;
  if (sample.zero_copy->cause.empty()) GTEST_SKIP() << "this kernel reports of each send alone";
  EXPECT_EQ(sample.zero_copy->cause, "joined notifications, not copying");
}

/// The device counts a client's bytes, and each client's are acknowledged: none stalls.
TEST_F(TcpSinksTest, ServesManyClients) {
  std::vector<Case> cases;
  for (const plan::Mode& mode : modes()) {
    if (mode.path->name != std::string_view("two-copy")) continue;
    cases.push_back(case_over(Link::tcp_sink, mode));
    cases.back().clients = 16;
  }
  for (const Sample& sample : run(cases, {})) {
    expect_balanced(sample);
    EXPECT_EQ(sample.effective.at("server_device").substr(0, 6), "16 of ");
    EXPECT_GT(std::stoull(sample.effective.at("client_acknowledgements")), 16U);
  }
}

}  // namespace
}  // namespace ub::run
