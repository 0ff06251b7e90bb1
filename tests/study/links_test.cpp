// Samples over links of their own: the books balance to the byte, and nothing is left behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <set>

#include "support/processes.hpp"
#include "uringbench/base/affinity.hpp"
#include "uringbench/base/unique_fd.hpp"
#include "uringbench/link/network.hpp"
#include "uringbench/study/builder.hpp"
#include "uringbench/study/runner.hpp"

namespace ub::study {
namespace {

/// Every network namespace that a process of this machine is in.
std::set<std::string> networks() {
  std::set<std::string> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const auto link = std::filesystem::read_symlink(entry.path() / "ns/net", error);
    if (!error) found.insert(link);
  }
  return found;
}

std::set<std::string> host_devices() {
  std::set<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator("/sys/class/net")) {
    found.insert(entry.path().filename());
  }
  return found;
}

class LinksTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string why = link::why_no_private_network();
    if (!why.empty()) GTEST_SKIP() << why;
    devices_ = host_devices();
    networks_ = networks();
  }

  void TearDown() override {
    EXPECT_EQ(host_devices(), devices_);
    // Other programs of this machine may come and go meanwhile; only ours would stay for good.
    EXPECT_TRUE(test::eventually([&] {
      const auto now = networks();
      return std::includes(networks_.begin(), networks_.end(), now.begin(), now.end());
    }));
  }

  static std::vector<Sample> run(const std::vector<Case>& cases, RunnerOptions options) {
    options.program = URINGBENCH_PROGRAM;
    options.report_usage = true;
    Plan plan;
    for (const Case& c : cases) plan.cases.push_back({c, ""});
    std::vector<Sample> samples;
    Runner(std::move(options))
        .run(plan, {.take = [&](const Sample& sample) { samples.push_back(sample); },
                    .progress = [](const Progress&) {}});
    return samples;
  }

 private:
  std::set<std::string> devices_;
  std::set<std::string> networks_;
};

Case case_over(Link link, const Mode& mode) {
  Case c;
  c.link = link;
  c.transport = link == Link::sink ? Transport::udp : Transport::tcp;
  c.engine = mode.engine;
  c.path = mode.path->name;
  c.family = mode.path->family;
  c.size_bytes = 4096;
  c.clients = 2;
  c.working_set_bytes = 256 * 4096;
  c.server_cpus = c.client_cpus = format_cpu_list({allowed_cpus().front()});
  c.duration_ns = 20'000'000;
  return c;
}

std::vector<Mode> modes() {
  auto all = all_modes(uring::Probe::run());
  std::erase_if(all, [](const Mode& mode) { return !mode.unavailable.empty(); });
  return all;
}

/// On a crowded machine a server may get no CPU in so short a window; the books are of the whole
/// run and are looked at before that is complained of.
void expect_balanced(const Sample& sample) {
  const bool idle = sample.reason.find("nothing arrived in the window") == 0;
  EXPECT_TRUE(sample.status == Status::valid || idle)
      << mode_name(sample.the_case) << ", " << sample.the_case.size_bytes
      << " B: " << sample.reason;
}

TEST_F(LinksTest, EveryModeBalancesItsBooksWithTheSinksCounters) {
  std::vector<Case> cases;
  for (const Mode& mode : modes()) {
    for (const std::uint64_t size : {64U, 65'536U}) {
      cases.push_back(case_over(Link::sink, mode));
      cases.back().size_bytes = size;
      cases.back().working_set_bytes = 64 * size;
    }
  }
  for (const Sample& sample : run(cases, {})) {
    expect_balanced(sample);
  }
}

TEST_F(LinksTest, MessagesAboveTheMtuAndBatchesAreCutAndBalance) {
  std::vector<Case> cases;
  for (const Mode& mode : modes()) {
    cases.push_back(case_over(Link::sink, mode));
    cases.back().device.mtu_bytes = 1500;
    cases.back().batch = 8;
  }
  for (const Sample& sample : run(cases, {})) {
    expect_balanced(sample);
  }
}

TEST_F(LinksTest, VethDeliversEveryByte) {
  std::vector<Case> cases;
  for (const Mode& mode : modes()) cases.push_back(case_over(Link::veth, mode));
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

TEST_F(LinksTest, APacketSocketTurnsRealIntoCopiedAndIsNamed) {
  const uring::Probe probe = uring::Probe::run();
  constexpr std::array kNeeds = {uring::Feature::send_zc, uring::Feature::send_zc_report_usage};
  if (probe.missing(kNeeds)) {
    GTEST_SKIP() << "this kernel does not report whether OP_SEND_ZC copied";
  }
  Mode mode;
  mode.engine = EngineKind::uring;
  mode.path = path::find("send-zc");
  Case c = case_over(Link::sink, mode);
  c.duration_ns = 300'000'000;
  const Sample alone = run({c}, {}).front();
  ASSERT_TRUE(alone.zero_copy) << alone.reason;
  EXPECT_EQ(alone.zero_copy->copied, 0U);
  EXPECT_EQ(alone.zero_copy->cause, "");
  RunnerOptions options;
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
  for (const Link link : {Link::sink, Link::veth}) {
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
TEST_F(LinksTest, NothingIsLeftAfterTheRunnerWasKilled) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const pid_t runner = ::fork();
  if (runner == 0) {
    Case c = case_over(Link::sink, modes().front());
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

}  // namespace
}  // namespace ub::study
