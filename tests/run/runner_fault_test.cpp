// Roles that die or hang in the middle of a window: real processes, ended by their ids.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>

#include "disturbed_case.hpp"
#include "support/processes.hpp"
#include "uringbench/run/runner.hpp"

namespace ub::run {
namespace {

using testing::IsEmpty;

/// Long enough that only the fault can end it where a role dies.
constexpr std::uint64_t kLongNs = 60'000'000'000;
constexpr std::uint64_t kShortNs = 500'000'000;

enum class Victim { server, client };

/// Sends a signal to one role of the first sample as soon as data flows, and remembers what both
/// had.
class Disturbance {
 public:
  Disturbance(Victim victim, int signal) : victim_(victim), signal_(signal) {}
  Disturbance(const Disturbance&) = delete;
  Disturbance& operator=(const Disturbance&) = delete;
  ~Disturbance() {
    if (thread_.joinable()) thread_.join();
  }

  /// A role that is stopped goes on after that time.
  void lasts(std::chrono::milliseconds pause) { pause_ = pause; }

  void started(int server, int client) {
    if (thread_.joinable()) return;  // only the first sample
    thread_ = std::thread([this, server, client] {
      test::DataFlow flow;
      flowed_ = test::eventually([&] { return flow.seen(server, client); });
      sockets_ = test::sockets_of(server);
      sockets_.merge(test::sockets_of(client));
      held_tcp_ = !test::tcp_sockets_among(sockets_).empty();
      const pid_t victim = victim_ == Victim::server ? server : client;
      ::kill(victim, signal_);
      if (pause_.count() == 0) return;
      std::this_thread::sleep_for(pause_);
      ::kill(victim, SIGCONT);
    });
  }

  /// Everything that the two roles held is gone.
  void expect_nothing_left() {
    thread_.join();
    EXPECT_TRUE(flowed_) << "the fault came before the window";
    EXPECT_TRUE(held_tcp_) << "the test looked at the wrong sockets";
    EXPECT_THAT(test::tcp_sockets_among(sockets_), IsEmpty());
    EXPECT_THAT(test::children_of(::getpid()), IsEmpty());
  }

 private:
  Victim victim_;
  int signal_;
  std::chrono::milliseconds pause_{0};
  std::thread thread_;
  std::atomic<bool> flowed_ = false;
  std::atomic<bool> held_tcp_ = false;
  std::set<std::string> sockets_;
};

/// Runs one disturbed sample, then the same case briefly and in peace.
std::vector<Sample> run_disturbed(EngineKind engine, std::uint64_t duration_ns,
                                  Disturbance& disturbance) {
  RunnerOptions options;
  options.program = URINGBENCH_PROGRAM;
  options.started = [&](int server, int client) { disturbance.started(server, client); };
  std::vector<Sample> samples;
  for (const std::uint64_t each_ns : {duration_ns, kShortNs}) {
    const Plan plan{.cases = {{disturbed_case(engine, each_ns), ""}}, .reps = 1, .seed = 1};
    const auto completion =
        Runner(options).run(plan, {.take = [&](const Sample& sample) { samples.push_back(sample); },
                                   .progress = [](const Progress&) {}});
    EXPECT_EQ(completion, Completion::complete);
  }
  return samples;
}

void expect_failed_then_valid(const std::vector<Sample>& samples, const std::string& reason) {
  ASSERT_EQ(samples.size(), 2U);
  EXPECT_EQ(samples[0].status, Status::failed);
  EXPECT_EQ(samples[0].reason, reason);
  EXPECT_EQ(samples[0].bytes, 0U) << "a failed sample has no figures";
  EXPECT_EQ(samples[1].status, Status::valid) << samples[1].reason;
}

class KilledRole : public testing::TestWithParam<EngineKind> {};

TEST_P(KilledRole, AServerThatIsKilledFailsItsSampleOnly) {
  Disturbance kill(Victim::server, SIGKILL);
  const auto samples = run_disturbed(GetParam(), kLongNs, kill);
  expect_failed_then_valid(
      samples,
      "the server process was ended by signal 9 (Killed); the kernel does so when memory runs "
      "out (dmesg, memory.max)");
  kill.expect_nothing_left();
}

TEST_P(KilledRole, ALoadGeneratorThatIsKilledFailsItsSampleOnly) {
  Disturbance kill(Victim::client, SIGKILL);
  const auto samples = run_disturbed(GetParam(), kLongNs, kill);
  expect_failed_then_valid(
      samples,
      "the client process was ended by signal 9 (Killed); the kernel does so when memory runs "
      "out (dmesg, memory.max)");
  kill.expect_nothing_left();
}

INSTANTIATE_TEST_SUITE_P(Engines, KilledRole,
                         testing::Values(EngineKind::pthread, EngineKind::epoll),
                         [](const auto& each) { return std::string(to_text(each.param)); });

TEST(StoppedRole, ALoadGeneratorThatNoLongerReadsFailsItsSampleInBoundedTime) {
  Disturbance stop(Victim::client, SIGSTOP);
  const auto samples = run_disturbed(EngineKind::pthread, kLongNs, stop);
  expect_failed_then_valid(
      samples, "the client process has been stopped for 1 s, by a signal or a debugger");
  stop.expect_nothing_left();
}

TEST(StoppedRole, AServerThatHangsFailsItsSampleInBoundedTime) {
  Disturbance stop(Victim::server, SIGSTOP);
  const auto samples = run_disturbed(EngineKind::epoll, kLongNs, stop);
  expect_failed_then_valid(
      samples, "the server process has been stopped for 1 s, by a signal or a debugger");
  stop.expect_nothing_left();
}

TEST(StoppedRole, ThatGoesOnCostsItsTakeAndNotItsSample) {
  Disturbance stop(Victim::server, SIGSTOP);
  stop.lasts(std::chrono::milliseconds(700));
  const auto samples = run_disturbed(EngineKind::pthread, 4 * kShortNs, stop);
  ASSERT_EQ(samples.size(), 2U);
  EXPECT_EQ(samples[0].status, Status::valid) << samples[0].reason;
  // A busy machine puts more takes aside.
  EXPECT_THAT(samples[0].put_aside,
              testing::Contains(testing::HasSubstr("the server stood still")));
  EXPECT_TRUE(samples[0].has(facts_of(Mark::taken_again)));
  stop.expect_nothing_left();
}

}  // namespace
}  // namespace ub::run
