// What goes wrong while a study runs, and what a machine forbids: whole runs of the real program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>

#include "program.hpp"
#include "support/processes.hpp"
#include "support/scratch.hpp"
#include "uringbench/model/json.hpp"

namespace ub::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

/// The roles of the sample that runs now, once data flows between them.
struct Roles {
  std::vector<pid_t> ids;
  std::vector<test::ProcessWatch> watches;
  std::set<std::string> sockets;
};

Roles busy_roles_of(const Program& program) {
  Roles roles;
  test::DataFlow flow;
  const bool flowed = test::eventually([&] {
    roles.ids = test::children_of(program.id());
    return roles.ids.size() == 2 && flow.seen(roles.ids[0], roles.ids[1]);
  });
  EXPECT_TRUE(flowed) << "no sample began";
  for (const pid_t id : roles.ids) {
    roles.watches.emplace_back(id);
    roles.sockets.merge(test::sockets_of(id));
  }
  EXPECT_THAT(test::tcp_sockets_among(roles.sockets), testing::Not(IsEmpty()));
  return roles;
}

/// Less than any time-out of the program, so nothing of it can have waited for one.
constexpr int kAtOnceMs = 4000;

void expect_gone(const Roles& roles) {
  for (const test::ProcessWatch& watch : roles.watches) EXPECT_TRUE(watch.ended_within(kAtOnceMs));
  EXPECT_TRUE(test::eventually([&] { return test::tcp_sockets_among(roles.sockets).empty(); }));
}

std::vector<std::string> long_study(const std::string& out) {
  return command_line({"--mode", "pthread,epoll", "--size", "64K", "--duration", "60s", "--warmup",
                       "0s", "--out", out});
}

TEST(Fault, ARunnerThatIsKilledTakesItsRolesAlong) {
  const test::Scratch scratch;
  Program program(long_study(scratch.path()));
  const Roles roles = busy_roles_of(program);
  program.signal(SIGKILL);
  EXPECT_EQ(program.wait().status, 128 + SIGKILL);
  expect_gone(roles);
  for (const std::string& line : test::lines_of(scratch.path() / "samples.jsonl")) {
    EXPECT_TRUE(Json::accept(line)) << line;
  }
}

class EndedBy : public testing::TestWithParam<int> {};

TEST_P(EndedBy, ASignalKeepsWhatWasMeasured) {
  const test::Scratch scratch;
  // A study that takes minutes; the first of its samples are short.
  Program program(command_line({"--mode", "pthread", "--size", "64K", "--duration", "100ms",
                                "--warmup", "0s", "--reps", "2000", "--out", scratch.path()}));
  const auto file = scratch.path() / "samples.jsonl";
  ASSERT_TRUE(test::eventually([&] { return test::lines_of(file).size() >= 4; }));
  program.signal(GetParam());
  const Ended ended = program.wait(kAtOnceMs);
  EXPECT_EQ(ended.status, 130);
  EXPECT_THAT(test::children_of(program.id()), IsEmpty());
  const auto lines = test::lines_of(file);
  ASSERT_GE(lines.size(), 3U);
  for (std::size_t i = 2; i < lines.size(); ++i) {  // after the environment and the plan
    EXPECT_EQ(Json::parse(lines[i]).at("status"), "valid") << lines[i];
  }
  EXPECT_THAT(ended.err, HasSubstr("interrupted: what was measured until now is kept"));
  EXPECT_THAT(ended.out, HasSubstr("\npthread-two-copy")) << "the table of what there is";
}

INSTANTIATE_TEST_SUITE_P(Signals, EndedBy, testing::Values(SIGINT, SIGTERM));

TEST(Fault, AnInterruptionInMidWindowLeavesNothing) {
  const test::Scratch scratch;
  Program program(long_study(scratch.path()));
  const Roles roles = busy_roles_of(program);
  program.signal(SIGINT);
  const Ended ended = program.wait(kAtOnceMs);
  EXPECT_EQ(ended.status, 130);
  expect_gone(roles);
  EXPECT_THAT(ended.out,
              AllOf(HasSubstr("pthread-two-copy: not run"), HasSubstr("epoll-two-copy: not run")));
}

TEST(Fault, AServerThatIsKilledFailsTheStudyAndTheOthersStand) {
  const test::Scratch scratch;
  Program program(command_line({"--mode", "pthread,epoll", "--size", "64K", "--duration", "2s",
                                "--warmup", "0s", "--out", scratch.path()}));
  const Roles roles = busy_roles_of(program);
  ::kill(roles.ids[0], SIGKILL);  // the server: it was started first
  const Ended ended = program.wait();
  EXPECT_EQ(ended.status, 1);
  expect_gone(roles);
  EXPECT_THAT(ended.out, HasSubstr("process was ended by signal 9 (Killed)"));
  std::multiset<std::string> statuses;
  for (const std::string& line : test::lines_of(scratch.path() / "samples.jsonl")) {
    statuses.insert(Json::parse(line).value("status", "environment"));
  }
  EXPECT_EQ(statuses.count("failed"), 1U);
  EXPECT_EQ(statuses.count("valid"), statuses.size() - 3)
      << "the environment, the plan and the failed one";
}

/// Status and reason of each mode in the output of `--format jsonl`.
std::map<std::string, std::pair<std::string, std::string>> by_mode(const std::string& out) {
  std::map<std::string, std::pair<std::string, std::string>> result;
  for (const std::string& line : split_lines(out)) {
    const Json json = Json::parse(line);
    if (json.at("record") != "sample") continue;
    const std::string reason =
        json.at("reason").is_null() ? "" : json.at("reason").get<std::string>();
    result[json.at("case").at("mode")] = {json.at("status"), reason};
  }
  return result;
}

const std::vector<std::string> kBrief = {"--size",   "4K",   "--duration", "50ms",
                                         "--warmup", "10ms", "--format",   "jsonl"};

std::vector<std::string> brief(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), kBrief.begin(), kBrief.end());
  return arguments;
}

TEST(Forbidden, WithoutIoUringTheClassicModesStillRun) {
  Surroundings surroundings;
  surroundings.refused_calls = {"io_uring_setup"};
  for (const char* modes : {"all", "default"}) {
    const Ended ended = uringbench(brief({"--mode", modes}), surroundings);
    EXPECT_EQ(ended.status, 0) << ended.err;
    for (const auto& [mode, what] : by_mode(ended.out)) {
      if (mode.starts_with("uring-")) {
        EXPECT_EQ(what.first, "unavailable") << mode;
        EXPECT_THAT(what.second, AllOf(HasSubstr("EPERM"),
                                       HasSubstr("the seccomp filter of this process forbids it")));
      } else {
        EXPECT_EQ(what.first, "valid") << mode << ": " << what.second;
      }
    }
  }
}

TEST(Limits, TooFewFileDescriptorsNameTheLimitAndWhatMendsIt) {
  Surroundings surroundings;
  surroundings.open_files = 64;
  const Ended ended = uringbench(brief({"--mode", "pthread", "--clients", "100"}), surroundings);
  EXPECT_EQ(ended.status, 0) << ended.err;
  const auto samples = by_mode(ended.out);
  EXPECT_EQ(samples.at("pthread-two-copy").first, "unavailable");
  EXPECT_THAT(
      samples.at("pthread-two-copy").second,
      AllOf(HasSubstr("RLIMIT_NOFILE allows 64"), HasSubstr("--clients"), HasSubstr("ulimit -Hn")));
  EXPECT_EQ(samples.at("pthread-null").first, "valid") << "one client";
}

TEST(Limits, TooLittleLockedMemoryNamesTheLimitAndTheClassicModesStillRun) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to become a user who has no CAP_IPC_LOCK";
  // That user may not be able to reach the build folder.
  const test::Scratch scratch;
  ASSERT_EQ(::chmod(scratch.path().c_str(), 0755), 0);
  const auto program = scratch.path() / "uringbench";
  std::filesystem::copy_file(URINGBENCH_PROGRAM, program);
  Surroundings surroundings;
  surroundings.locked_bytes = 64U << 10U;
  surroundings.user = 65534;
  surroundings.directory = "/";
  std::vector<std::string> command = brief({program, "--mode", "classic,uring-*"});
  const Ended ended = Program(command, surroundings).wait();
  ASSERT_EQ(ended.status, 1) << "samples failed: " << ended.err;
  auto samples = by_mode(ended.out);
  EXPECT_EQ(samples["pthread-two-copy"].first, "valid") << samples["pthread-two-copy"].second;
  EXPECT_EQ(samples["pthread-gather"].first, "valid") << samples["pthread-gather"].second;
  const auto& [status, reason] = samples["uring-send-zc-fixed"];
  EXPECT_EQ(status, "failed");
  EXPECT_THAT(reason, AllOf(HasSubstr("ENOMEM"), HasSubstr("RLIMIT_MEMLOCK allows 64K"),
                            HasSubstr("--cap-add IPC_LOCK")));
}

}  // namespace
}  // namespace ub::cli
