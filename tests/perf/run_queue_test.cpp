#include <gtest/gtest.h>
#include <unistd.h>

#include "uringbench/base/clock.hpp"
#include "uringbench/perf/accounting.hpp"

namespace ub::perf {
namespace {

TEST(ParseSchedstat, ReadsThreeNumbers) {
  EXPECT_EQ(parse_schedstat("48016012 22336 135\n"), (RunQueueTimes{48016012, 22336, 135}));
}

TEST(ParseSchedstat, RefusesAnythingElse) {
  EXPECT_FALSE(parse_schedstat(""));
  EXPECT_FALSE(parse_schedstat("1 2\n"));
  EXPECT_FALSE(parse_schedstat("1 2 3 4\n"));
  EXPECT_FALSE(parse_schedstat("1 -2 3\n"));
}

TEST(ReadRunQueue, AgreesWithTheThreadClock) {
  const auto read = read_run_queue(::gettid());
  if (const auto* missing = std::get_if<Unavailable>(&read)) GTEST_SKIP() << missing->reason;
  const auto before = std::get<RunQueueTimes>(read);
  const std::uint64_t started_ns = thread_cpu_ns();
  while (thread_cpu_ns() < started_ns + 20'000'000) {
  }
  // The kernel brings schedstat up to date when the thread is switched or ticks, hence the margin.
  const std::uint64_t burned_ns = thread_cpu_ns() - started_ns;
  const auto after = std::get<RunQueueTimes>(read_run_queue(::gettid()));
  EXPECT_GE(after.on_cpu_ns - before.on_cpu_ns, burned_ns / 4);
}

TEST(ReadRunQueue, SaysThatAThreadIsGone) {
  const auto read = read_run_queue(0x3fffffff);
  EXPECT_TRUE(std::holds_alternative<Unavailable>(read));
}

TEST(ReadRunQueue, OfTheProcessCoversItsThreads) {
  const auto one = read_run_queue(::gettid());
  if (const auto* missing = std::get_if<Unavailable>(&one)) GTEST_SKIP() << missing->reason;
  const auto all = read_run_queue_of_process();
  EXPECT_GE(std::get<RunQueueTimes>(all).on_cpu_ns, std::get<RunQueueTimes>(one).on_cpu_ns);
}

}  // namespace
}  // namespace ub::perf
