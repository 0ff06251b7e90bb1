// Samples over links of their own: the books balance to the byte, and nothing is left behind.
#include "links.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <optional>
#include <thread>

#include "support/processes.hpp"
#include "uringbench/base/unique_fd.hpp"
#include "uringbench/link/network.hpp"

namespace ub::run {
namespace {

/// Of each link with a device that drops.
class SinksTest : public LinksTest, public testing::WithParamInterface<Link> {};

TEST_P(SinksTest, EveryModeBalancesItsBooksWithTheDevicesCounters) {
  std::vector<Case> cases;
  for (const plan::Mode& mode : modes()) {
    for (const std::uint64_t size : {64U, 65'536U}) {
      cases.push_back(case_over(GetParam(), mode));
      cases.back().size_bytes = size;
      cases.back().working_set_bytes = 64 * size;
    }
  }
  for (const Sample& sample : run(cases, {})) {
    expect_balanced(sample);
  }
}

TEST_P(SinksTest, MessagesAboveTheMtuAndBatchesAreCutAndBalance) {
  std::vector<Case> cases;
  for (const plan::Mode& mode : modes()) {
    cases.push_back(case_over(GetParam(), mode));
    cases.back().device.mtu_bytes = 1500;
    cases.back().batch = 8;
  }
  for (const Sample& sample : run(cases, {})) {
    expect_balanced(sample);
  }
}

TEST_F(LinksTest, VethDeliversEveryByte) {
  std::vector<Case> cases;
  for (const plan::Mode& mode : modes()) cases.push_back(case_over(Link::veth, mode));
  for (const Sample& sample : run(cases, {})) {
    expect_balanced(sample);
  }
}

TEST_F(LinksTest, ADelayIsHadOrRefusedWithItsName) {
  Case c = case_over(Link::veth, modes().front());
  c.device.delay_ns = 1'000'000;
  c.duration_ns = 200'000'000;
  const Sample sample = run({c}, {}).front();
  if (sample.status == Status::unavailable) {
    EXPECT_THAT(sample.reason, testing::HasSubstr("netem"));
  } else {
    expect_balanced(sample);
  }
}

/// Like tcpdump(1) in the network of process `server`, from when it has one; never returns.
[[noreturn]] void listen_in_network_of(int server) {
  const std::string file = "/proc/" + std::to_string(server) + "/ns/net";
  const auto own = std::filesystem::read_symlink("/proc/self/ns/net");
  std::error_code error;
  const bool left = test::eventually([&] {
    const auto theirs = std::filesystem::read_symlink(file, error);
    return !error && theirs != own;
  });
  if (!left) ::_exit(1);
  link::join_network_of(server);
  const UniqueFd listener(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL)));
  for (;;) ::pause();
}

TEST_P(SinksTest, APacketSocketTurnsRealIntoCopiedAndIsNamed) {
  const std::optional<plan::Mode> mode = reporting_mode();
  if (!mode) GTEST_SKIP() << kNoReports;
  Case c = case_over(GetParam(), *mode);
  if (GetParam() == Link::tcp_sink) send_whole_segments(c);
  c.duration_ns = 300'000'000;
  const Sample alone = run({c}, {}).front();
  ASSERT_TRUE(alone.zero_copy) << alone.reason;
  EXPECT_EQ(alone.zero_copy->copied, 0U);
  EXPECT_EQ(alone.zero_copy->cause, "");
  RunnerOptions options;
  options.disturbed = Disturbed::kept;  // one listener for one take
  pid_t listener = 0;
  options.started = [&](int server, int) {
    listener = ::fork();
    if (listener == 0) listen_in_network_of(server);
  };
  const Sample heard = run({c}, std::move(options)).front();
  ::kill(listener, SIGKILL);
  ::waitpid(listener, nullptr, 0);
  ASSERT_TRUE(heard.zero_copy) << heard.reason;
  EXPECT_GT(heard.zero_copy->copied, 0U);
  EXPECT_EQ(heard.zero_copy->cause, "packet socket open");
}

TEST_F(LinksTest, NothingIsLeftAfterTheServerWasKilled) {
  for (const Link link : {Link::sink, Link::veth, Link::tcp_sink}) {
    Case c = case_over(link, modes().front());
    c.duration_ns = 20'000'000'000;
    RunnerOptions options;
    std::thread killer;
    options.started = [&](int server, int) {
      killer = std::thread([server] {
        EXPECT_TRUE(test::eventually([&] { return test::is_busy(server); }));
        ::kill(server, SIGKILL);
      });
    };
    const Sample sample = run({c}, std::move(options)).front();
    killer.join();
    EXPECT_EQ(sample.status, Status::failed);
    EXPECT_THAT(sample.reason, testing::HasSubstr("signal 9"));
  }
}

/// The runner itself is killed: its roles follow it (PR_SET_PDEATHSIG), and their networks them.
TEST_P(SinksTest, NothingIsLeftAfterTheRunnerWasKilled) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const pid_t runner = ::fork();
  if (runner == 0) {
    Case c = case_over(GetParam(), modes().front());
    c.duration_ns = 60'000'000'000;
    RunnerOptions options;
    options.started = [&](int server, int) { (void)!::write(ends[1], &server, sizeof server); };
    run({c}, std::move(options));
    ::_exit(0);
  }
  int server = 0;
  EXPECT_EQ(::read(ends[0], &server, sizeof server), static_cast<ssize_t>(sizeof server));
  const test::ProcessWatch watch(server);
  EXPECT_TRUE(test::eventually([&] { return test::is_busy(server); }));
  ::kill(runner, SIGKILL);
  ::waitpid(runner, nullptr, 0);
  EXPECT_TRUE(watch.ended_within(10'000));
  ::close(ends[0]);
  ::close(ends[1]);
}

std::string name_of_link(const testing::TestParamInfo<Link>& info) {
  return info.param == Link::sink ? "sink" : "tcp_sink";
}

INSTANTIATE_TEST_SUITE_P(Links, SinksTest, testing::Values(Link::sink, Link::tcp_sink),
                         name_of_link);

}  // namespace
}  // namespace ub::run
