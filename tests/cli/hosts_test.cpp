// Studies over two hosts, which are two network namespaces of this machine, or this machine itself
// reached by a command: what a runner, its agents and their roles do, and what ends them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <random>

#include "program.hpp"
#include "support/processes.hpp"
#include "support/scratch.hpp"
#include "two_namespaces.hpp"
#include "uringbench/model/json.hpp"
#include "uringbench/model/mark.hpp"

namespace ub::cli {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<Json> records_of(const test::Scratch& scratch, const std::string& kind) {
  std::vector<Json> found;
  for (const std::string& line : test::lines_of(scratch.path() / "study" / "samples.jsonl")) {
    Json json = Json::parse(line);
    if (json.at("record") == kind) found.push_back(std::move(json));
  }
  return found;
}

/// A command line that runs a short study on hosts of this machine, over its loopback device.
std::vector<std::string> here(const std::string& server, std::vector<std::string> more) {
  more.insert(more.begin(), {"--server", server, "--data-address", "127.0.0.1", "--mode", "epoll",
                             "--size", "4K", "--warmup", "20ms"});
  return more;
}

/// A host whose agent notes its process id in `file` before it begins.
std::string noted_host(const std::filesystem::path& file) {
  return "exec:sh -c 'echo $$ > " + file.string() + "; exec \"$0\" \"$@\"'";
}

pid_t noted_id(const std::filesystem::path& file) {
  pid_t id = 0;
  test::eventually([&] { return (std::ifstream(file) >> id) && id > 0; });
  return id;
}

/// Those of `parent` and their children.
std::vector<pid_t> descendants_of(pid_t parent) {
  std::vector<pid_t> all = test::children_of(parent);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto more = test::children_of(all[i]);
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

class TwoHosts : public testing::Test {
 protected:
  void SetUp() override {
    if (!hosts_.why_not().empty()) GTEST_SKIP() << hosts_.why_not();
  }

  static std::vector<std::string> over_both(std::vector<std::string> more,
                                            const char* duration = "100ms") {
    more.insert(more.begin(), {"--server", TwoNamespaces::host_in(TwoNamespaces::server()),
                               "--load", TwoNamespaces::host_in(TwoNamespaces::load()), "--size",
                               "4K", "--duration", duration, "--warmup", "20ms"});
    return more;
  }

  TwoNamespaces hosts_;
  test::Scratch scratch_;
};

class Contract : public TwoHosts, public testing::WithParamInterface<std::string> {};

TEST_P(Contract, EveryByteThatIsSentArrives) {
  const Ended ended = uringbench(
      over_both({"--workload", GetParam(), "--mode", "pthread,epoll,uring", "--clients", "1,20",
                 "--transport", "tcp,tcp6", "--out", scratch_.path() / "study"}));
  EXPECT_THAT(ended.status, testing::AnyOf(0, 1)) << ended.err << ended.out;
  const auto samples = records_of(scratch_, "sample");
  EXPECT_GE(samples.size(), 12U);
  // A machine that runs other tests beside may stretch a window, also of a second take.
  std::size_t stretched = 0;
  for (const Json& sample : samples) {
    if (is_stretched(sample)) ++stretched;
    EXPECT_TRUE(sample.at("status") == "valid" || is_stretched(sample)) << sample;
    EXPECT_EQ(sample.at("case").at("link"), "network");
  }
  EXPECT_LT(stretched, samples.size() / 2);
}

INSTANTIATE_TEST_SUITE_P(Workloads, Contract,
                         testing::Values("stream", "rr", "upload", "echo", "crr"),
                         [](const auto& test_info) { return test_info.param; });

TEST_F(TwoHosts, EachEndDescribesItselfAndItsCard) {
  const Ended ended = uringbench(over_both(
      {"--mode", "epoll", "--data-port", "5201-5216", "--out", scratch_.path() / "study"}));
  ASSERT_EQ(ended.status, 0) << ended.err;
  const Json ends = records_of(scratch_, "environment").front().at("ends");
  EXPECT_EQ(ends.at("server").at("card_address"), TwoNamespaces::kServerAddress);
  EXPECT_EQ(ends.at("load").at(0).at("card_address"), TwoNamespaces::kLoadAddress);
  for (const Json& end : {ends.at("server"), ends.at("load").at(0)}) {
    EXPECT_EQ(end.at("card"), "e0");
    EXPECT_EQ(end.at("card_driver"), "veth");
    EXPECT_EQ(end.at("card_mtu"), "1500");
    EXPECT_TRUE(end.contains("kernel") && end.contains("host_name") && end.contains("tcp_wmem"));
  }
  // It is resumed on the same hosts without naming them again; there is nothing left to run.
  EXPECT_EQ(uringbench({"--resume", scratch_.path() / "study"}).status, 0);
}

/// Whether a megabyte has passed the card `e0` of that process's network namespace (proc(5)).
bool data_flows_at(pid_t process) {
  constexpr std::uint64_t kMuch = 1U << 20U;
  std::ifstream devices("/proc/" + std::to_string(process) + "/net/dev");
  for (std::string name; devices >> name;) {
    if (name != "e0:") continue;
    std::uint64_t received = 0;
    devices >> received;
    return received > kMuch;
  }
  return false;
}

/// The control goes another way than the data here, as it often does: only the window is lost.
TEST_F(TwoHosts, ALinkThatGoesDownInMidWindowCostsItsSample) {
  Program study(
      command_line(over_both({"--mode", "epoll", "--out", scratch_.path() / "study"}, "2s")));
  ASSERT_TRUE(test::eventually([&] {
    const auto all = descendants_of(study.id());
    return std::any_of(all.begin(), all.end(), data_flows_at);
  }));
  hosts_.ip({"-n", TwoNamespaces::server(), "link", "set", "e0", "down"});
  const Ended ended = study.wait();
  EXPECT_EQ(ended.status, 1) << ended.out;
  EXPECT_NE(records_of(scratch_, "sample").front().at("status"), "valid");
}

TEST_F(TwoHosts, LinksOfOneMachineAreRefused) {
  const Ended ended = uringbench(over_both({"--mode", "epoll", "--link", "veth"}));
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("--link veth"), HasSubstr("two hosts")));
}

/// An sshd in the server's namespace, and an `ssh` first in PATH that goes there from the other
/// one. Nothing of this user's own keys and configuration is used.
class Sshd {
 public:
  explicit Sshd(const std::filesystem::path& directory) : directory_(directory) {
    for (const char* key : {"host", "user"}) {
      (void)Program({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", directory_ / key}).wait();
    }
    std::filesystem::create_directories("/run/sshd");
    std::ofstream(directory_ / "config") << "IdentityFile " << (directory_ / "user").string()
                                         << "\nStrictHostKeyChecking no\nUserKnownHostsFile "
                                         << (directory_ / "known").string() << "\n";
    const auto script = directory_ / "bin" / "ssh";
    std::filesystem::create_directories(script.parent_path());
    std::ofstream(script) << "#!/bin/sh\nexec ip netns exec " << TwoNamespaces::load()
                          << " /usr/bin/ssh -F " << (directory_ / "config").string() << " \"$@\"\n";
    std::filesystem::permissions(script, std::filesystem::perms::owner_all);
    path_ = std::getenv("PATH");
    ::setenv("PATH", (script.parent_path().string() + ":" + path_).c_str(), 1);
    daemon_.emplace(std::vector<std::string>{
        "ip",     "netns",
        "exec",   TwoNamespaces::server(),
        kProgram, "-D",
        "-f",     "/dev/null",
        "-p",     "2222",
        "-h",     directory_ / "host",
        "-o",     "PidFile=none",
        "-o",     "StrictModes=no",
        "-o",     "UsePAM=no",
        "-o",     "PermitRootLogin=yes",
        "-o",     "AuthorizedKeysFile=" + (directory_ / "user.pub").string()});
  }
  Sshd(const Sshd&) = delete;
  Sshd& operator=(const Sshd&) = delete;
  ~Sshd() { ::setenv("PATH", path_.c_str(), 1); }

  [[nodiscard]] static std::string host() {
    return std::string("ssh://root@") + TwoNamespaces::kServerAddress + ":2222";
  }
  [[nodiscard]] static bool answers() {
    return test::eventually([] {
      return Program({"ssh", "-o", "BatchMode=yes", "-p", "2222",
                      std::string("root@") + TwoNamespaces::kServerAddress, "true"})
                 .wait()
                 .status == 0;
    });
  }

  static constexpr const char* kProgram = "/usr/sbin/sshd";

 private:
  std::filesystem::path directory_;
  std::string path_;
  std::optional<Program> daemon_;
};

/// The data address is the one by which ssh has come.
TEST_F(TwoHosts, AreReachedOverSsh) {
  if (::access(Sshd::kProgram, X_OK) != 0) GTEST_SKIP() << "needs openssh-server";
  const Sshd sshd(scratch_.path());
  ASSERT_TRUE(Sshd::answers());
  const Ended ended =
      uringbench({"--server", Sshd::host(), "--load", TwoNamespaces::host_in(TwoNamespaces::load()),
                  "--remote-program", command_line({}).front(), "--mode", "epoll", "--size", "4K",
                  "--duration", "100ms", "--out", scratch_.path() / "study"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  const Json ends = records_of(scratch_, "environment").front().at("ends");
  EXPECT_EQ(ends.at("server").at("card_address"), TwoNamespaces::kServerAddress);
}

TEST_F(TwoHosts, AnUnknownProgramOverSshIsNamed) {
  if (::access(Sshd::kProgram, X_OK) != 0) GTEST_SKIP() << "needs openssh-server";
  const Sshd sshd(scratch_.path());
  ASSERT_TRUE(Sshd::answers());
  const Ended ended =
      uringbench({"--server", Sshd::host(), "--remote-program", "/nowhere/uringbench"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("/nowhere/uringbench"), HasSubstr("--remote-program")));
}

TEST(Agents, WhatALoginScriptPrintsIsSkipped) {
  const Ended ended =
      uringbench(here("exec:sh -c 'echo Welcome; seq 2000; printf uringbench; exec \"$0\" \"$@\"'",
                      {"--duration", "50ms"}));
  EXPECT_EQ(ended.status, 0) << ended.err;
}

struct NoAgent {
  const char* command;
  std::vector<const char*> complaint;
};

class NoAgentTest : public testing::TestWithParam<NoAgent> {};

TEST_P(NoAgentTest, IsSaidInOneSentence) {
  const Ended ended =
      uringbench(here(std::string("exec:") + GetParam().command, {"--duration", "50ms"}));
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(split_lines(ended.err).size(), 1U) << ended.err;
  for (const char* part : GetParam().complaint) EXPECT_THAT(ended.err, HasSubstr(part));
}

// The words of the agent's command line go to `sh -c`, or behind a comment sign.
const std::string kOtherVersion =
    R"(printf '\nuringbench-agent: messages follow this line\n\0\0\0\074{"type":"hello","protocol":99,"version":"9.9","build":"Foo"}' #)";

INSTANTIATE_TEST_SUITE_P(
    Ways, NoAgentTest,
    testing::Values(NoAgent{"echo no such user >&2; false #", {"status 1", "no such user"}},
                    NoAgent{"/nowhere/to/be/found", {"not found", "--remote-program"}},
                    NoAgent{"yes #", {"more than 65536 bytes"}},
                    NoAgent{kOtherVersion.c_str(), {"version 9.9", "install the same program"}}));

TEST(Agents, NothingIsLeftWhenTheRunnerIsKilled) {
  Program study(command_line(here("exec:env", {"--duration", "60s"})));
  std::vector<pid_t> started;
  ASSERT_TRUE(test::eventually([&] {
    started = descendants_of(study.id());
    // Two agents, two roles.
    return started.size() >= 4 && std::count_if(started.begin(), started.end(), test::is_busy) >= 2;
  }));
  std::vector<test::ProcessWatch> watches;
  for (const pid_t id : started) watches.emplace_back(id);
  study.signal(SIGKILL);
  (void)study.wait();
  for (const auto& watch : watches) EXPECT_TRUE(watch.ended_within(10'000));
}

/// Each time a case, its price, its twin and three sentinels.
constexpr std::size_t kSamplesOfThreeReps = 18;

/// The host is reached again once, and the sample taken again.
TEST(Agents, ThatAreKilledAtAnyMomentCostNoSample) {
  const int seed = testing::UnitTest::GetInstance()->random_seed();
  std::mt19937 random(static_cast<std::mt19937::result_type>(seed));
  for (int round = 0; round < 4; ++round) {
    const test::Scratch scratch;
    const auto file = scratch.path() / "id";
    Program study(command_line(here(noted_host(file), {"--duration", "100ms", "--reps", "3",
                                                       "--out", scratch.path() / "study"})));
    const pid_t agent = noted_id(file);
    // A moment is a number of samples, and some time within the next.
    const auto after = random() % 4;
    ASSERT_TRUE(test::eventually([&] {
      return test::lines_of(scratch.path() / "study" / "samples.jsonl").size() >= 2 + after;
    }));
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 120));
    ::kill(agent, SIGKILL);
    const Ended ended = study.wait();
    EXPECT_THAT(ended.status, testing::AnyOf(0, 1)) << ended.err;
    const auto samples = records_of(scratch, "sample");
    EXPECT_EQ(samples.size(), kSamplesOfThreeReps);
    for (const Json& sample : samples) {
      EXPECT_NE(sample.at("status"), "failed") << sample.at("reason");
    }
  }
}

/// A role of the agent, as soon as it is at work; 0 if none is in time.
pid_t busy_role_of(pid_t agent) {
  std::vector<pid_t> roles;
  const bool found = test::eventually([&] {
    roles = test::children_of(agent);
    return !roles.empty() && test::is_busy(roles.front());
  });
  return found ? roles.front() : 0;
}

/// An agent that stands still is lost after two seconds of silence, and its role with it.
TEST(Agents, ThatStandStillAreGivenUp) {
  const test::Scratch scratch;
  const auto file = scratch.path() / "id";
  Program study(command_line(
      here(noted_host(file), {"--duration", "15s", "--out", scratch.path() / "study"})));
  const pid_t agent = noted_id(file);
  const pid_t busy = busy_role_of(agent);
  ASSERT_GT(busy, 0);
  const test::ProcessWatch role(busy);
  const test::ProcessWatch stopped(agent);
  ::kill(agent, SIGSTOP);
  EXPECT_TRUE(role.ended_within(8'000));  // two seconds, on a machine that is busy
  const Ended ended = study.wait(90'000);
  EXPECT_EQ(ended.status, 0) << ended.err;
  const auto samples = records_of(scratch, "sample");
  ASSERT_FALSE(samples.empty());
  EXPECT_THAT(samples.front().at("marks").get<std::vector<std::string>>(), Contains("reconnected"));
  // What stands still cannot end itself; it does as soon as it goes on.
  ::kill(agent, SIGCONT);
  EXPECT_TRUE(stopped.ended_within(10'000));
}

/// The agent sees it where the runner cannot: long before the window's end would show it.
TEST(Agents, GiveUpARoleThatIsStopped) {
  const test::Scratch scratch;
  const auto file = scratch.path() / "id";
  Program study(command_line(
      here(noted_host(file), {"--duration", "60s", "--out", scratch.path() / "study"})));
  const pid_t agent = noted_id(file);
  const pid_t busy = busy_role_of(agent);
  ASSERT_GT(busy, 0);
  const test::ProcessWatch role(busy);
  ::kill(busy, SIGSTOP);
  EXPECT_TRUE(role.ended_within(20'000));
  ASSERT_TRUE(test::eventually([&] { return !records_of(scratch, "sample").empty(); }));
  const Json sample = records_of(scratch, "sample").front();
  EXPECT_EQ(sample.at("status"), "failed");
  EXPECT_THAT(sample.at("reason").get<std::string>(), HasSubstr("has been stopped for 1 s"));
  study.signal(SIGINT);
  (void)study.wait();
}

TEST(Agents, EndWithTheirInput) {
  const Ended ended =
      Program({"sh", "-c", "exec " + command_line({}).front() + " agent --stdio < /dev/null"})
          .wait();
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.out, HasSubstr("uringbench-agent: messages follow this line"));
  EXPECT_THAT(ended.err, IsEmpty());
}

}  // namespace
}  // namespace ub::cli
