// Roles that are stopped for a while in mid-window and go on, as a debugger, a frozen control group
// or a paused virtual machine does it: such a sample is never quoted as if nothing had been.
#include <gtest/gtest.h>
#include <poll.h>

#include <csignal>
#include <random>

#include "disturbed_case.hpp"
#include "support/processes.hpp"
#include "uringbench/run/runner.hpp"

namespace ub::run {
namespace {

constexpr int kWindowMs = 700;
constexpr int kPauseMs = 400;
/// A pause that begins so late still takes a quarter of the window away.
constexpr unsigned kLatestMs = 500;

Case paused_case(EngineKind engine) {
  Case c = disturbed_case(engine, std::uint64_t{kWindowMs} * 1'000'000);
  c.warmup_ns = 0;
  return c;
}

struct Pause {
  bool server = false;
  bool client = false;
  unsigned seed = 0;
};

std::ostream& operator<<(std::ostream& out, const Pause& pause) {
  return out << (pause.server ? "server " : "") << (pause.client ? "client " : "") << "seed "
             << pause.seed;
}

/// Stops the roles at a moment that the seed draws, once data flows, and lets them go on.
void pause_roles(const Pause& pause, int server, int client) {
  test::DataFlow flow;
  ASSERT_TRUE(test::eventually([&] { return flow.seen(server, client); }));
  std::mt19937 random(pause.seed);  // NOLINT: the moments are random, but the same each time
  ::poll(nullptr, 0, static_cast<int>(random() % kLatestMs));
  for (const int signal : {SIGSTOP, SIGCONT}) {
    if (pause.server) ::kill(server, signal);
    if (pause.client) ::kill(client, signal);
    if (signal == SIGSTOP) ::poll(nullptr, 0, kPauseMs);
  }
}

class PausedRole : public testing::TestWithParam<Pause> {};

TEST_P(PausedRole, IsInvalidFailedOrMarked) {
  std::thread pauser;
  RunnerOptions options;
  options.program = URINGBENCH_PROGRAM;
  options.disturbed = Disturbed::kept;
  options.started = [&](int server, int client) {
    pauser =
        std::thread([&pause = GetParam(), server, client] { pause_roles(pause, server, client); });
  };
  const EngineKind engine = GetParam().seed % 2 == 0 ? EngineKind::epoll : EngineKind::pthread;
  const Plan plan{.cases = {{paused_case(engine), ""}}, .reps = 1, .seed = 1};
  std::vector<Sample> samples;
  (void)Runner(options).run(plan, {.take = [&](const Sample& sample) { samples.push_back(sample); },
                                   .progress = [](const Progress&) {}});
  pauser.join();
  ASSERT_EQ(samples.size(), 1U);
  EXPECT_TRUE(samples[0].status != Status::valid || !samples[0].marks.empty())
      << "valid, no mark, window of " << samples[0].window_s << " s";
}

std::vector<Pause> pauses() {
  std::vector<Pause> all;
  for (unsigned seed = 1; seed <= 4; ++seed) {
    all.push_back({.server = true, .client = false, .seed = seed});
    all.push_back({.server = false, .client = true, .seed = seed});
    all.push_back({.server = true, .client = true, .seed = seed});
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(SeededMoments, PausedRole, testing::ValuesIn(pauses()));

}  // namespace
}  // namespace ub::run
