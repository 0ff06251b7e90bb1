#include "uringbench/run/runner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>

#include "uringbench/base/affinity.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/unique_fd.hpp"

namespace ub::run {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Case quick_case(EngineKind engine) {
  Case c;
  c.engine = engine;
  c.path = "two-copy";
  c.family = Family::two_copy;
  c.size_bytes = 4096;
  c.working_set_bytes = 64 * 4096;
  c.server_cpus = c.client_cpus = format_cpu_list({allowed_cpus().front()});
  c.duration_ns = 50'000'000;
  return c;
}

Plan plan_of(std::vector<PlannedCase> cases, std::uint32_t reps = 1) {
  return {.cases = std::move(cases), .reps = reps, .seed = 1};
}

struct Result {
  Completion completion{};
  std::vector<Sample> samples;
  std::vector<std::size_t> done;  ///< of every progress
};

Result run(const Plan& plan, RunnerOptions options) {
  Result result;
  const RunHooks hooks{.take = [&](const Sample& s) { result.samples.push_back(s); },
                       .progress = [&](const Progress& p) { result.done.push_back(p.done); }};
  result.completion = Runner(std::move(options)).run(plan, hooks);
  return result;
}

RunnerOptions with_program(std::string program) {
  RunnerOptions options;
  options.program = std::move(program);
  return options;
}

TEST(Runner, EveryCaseGivesOneSampleABlock) {
  const Plan plan =
      plan_of({{quick_case(EngineKind::pthread), ""}, {quick_case(EngineKind::epoll), ""}}, 2);
  const Result result = run(plan, with_program(URINGBENCH_PROGRAM));
  EXPECT_EQ(result.completion, Completion::complete);
  ASSERT_EQ(result.samples.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    const Sample& sample = result.samples[i];
    EXPECT_EQ(sample.status, Status::valid) << sample.reason;
    EXPECT_EQ(sample.rep, i / 2);
    EXPECT_EQ(sample.block, i / 2);
    EXPECT_GE(sample.window_s, 0.05);
    EXPECT_GT(sample.server_peak_rss_bytes, 0U);
    EXPECT_FALSE(sample.effective.at("server_congestion").empty());
    EXPECT_FALSE(sample.effective.at("client_congestion").empty());
    // These are facts of the connection: a listener has the smallest segment size there is.
    EXPECT_GT(std::stoul(sample.effective.at("server_mss_bytes")), 536U);
    EXPECT_GT(std::stoul(sample.effective.at("server_tcp_segments_out")), 0U);
    EXPECT_TRUE(sample.effective.contains("server_tcp_retransmits"));
  }
  EXPECT_NE(result.samples[0].the_case.engine, result.samples[1].the_case.engine);
  EXPECT_THAT(result.done, ElementsAre(0, 1, 2, 3, 4));
}

TEST(Runner, AnUnavailableCaseStartsNothing) {
  int started = 0;
  RunnerOptions options = with_program("/nonexistent");
  options.started = [&](int, int) { ++started; };
  const Result result =
      run(plan_of({{quick_case(EngineKind::uring), "not on this kernel"}}), options);
  ASSERT_EQ(result.samples.size(), 1U);
  EXPECT_EQ(result.samples[0].status, Status::unavailable);
  EXPECT_EQ(result.samples[0].reason, "not on this kernel");
  EXPECT_EQ(started, 0);
}

TEST(Runner, WhatARoleCannotHaveIsUnavailableWithItsReason) {
  Case c = quick_case(EngineKind::pthread);
  c.server_cpus = "1023";
  const Result result = run(plan_of({{c, ""}}), with_program(URINGBENCH_PROGRAM));
  EXPECT_EQ(result.samples[0].status, Status::unavailable);
  EXPECT_THAT(result.samples[0].reason, HasSubstr("pinning to CPU 1023"));
}

TEST(Runner, AProcessThatCannotBeStartedCostsItsSampleOnly) {
  const Result result =
      run(plan_of({{quick_case(EngineKind::pthread), ""}}), with_program("/nonexistent"));
  EXPECT_EQ(result.completion, Completion::complete);
  EXPECT_EQ(result.samples.at(0).status, Status::failed);
  EXPECT_THAT(result.samples.at(0).reason, HasSubstr("starting '/nonexistent': ENOENT"));
}

TEST(Runner, ARoleThatEndsAtOnceFailsTheSampleAndSaysHow) {
  const Result result =
      run(plan_of({{quick_case(EngineKind::pthread), ""}}), with_program("/bin/false"));
  EXPECT_EQ(result.completion, Completion::complete);
  ASSERT_EQ(result.samples.size(), 1U);
  EXPECT_EQ(result.samples[0].status, Status::failed);
  EXPECT_EQ(result.samples[0].reason, "the server process ended with status 1");
}

TEST(Runner, AnInterruptionEndsItAndTheSampleUnderWayDoesNotCount) {
  const UniqueFd interrupt(::eventfd(0, EFD_CLOEXEC));
  RunnerOptions options = with_program(URINGBENCH_PROGRAM);
  options.interrupt_fd = interrupt.get();
  int started = 0;
  options.started = [&](int, int) {
    if (++started == 2) {
      EXPECT_EQ(::eventfd_write(interrupt.get(), 1), 0);
    }
  };
  const Result result = run(plan_of({{quick_case(EngineKind::pthread), ""}}, 3), options);
  EXPECT_EQ(result.completion, Completion::interrupted);
  EXPECT_EQ(result.samples.size(), 1U) << "the first had ended";
  EXPECT_EQ(started, 2);
}

}  // namespace
}  // namespace ub::run
