// The format `settings`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "rendered.hpp"

namespace ub::report {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<Sample> real_zero_copy() {
  auto samples = crossing_samples(10);
  for (Sample& sample : samples) {
    if (sample.the_case.family == Family::zero_copy) {
      sample.zero_copy = zero_copy_counts(1000, 0, 0);
    }
    sample.granted = {{"ring_task_run", "DEFER_TASKRUN"}, {"ring_submission", "own"}};
  }
  return samples;
}

TEST(Settings, TheThresholdIsTheUpperEndOfTheCrossing) {
  // Without uring-fixed, which is always the cheapest.
  auto samples = real_zero_copy();
  std::erase_if(samples, [](const Sample& sample) { return sample.the_case.path == "fixed"; });
  const std::string text = rendered("settings", plan_for(samples, 10), samples);
  // Without the line of what all rows share: a new factor changes nothing here.
  expect_golden("settings.toml", std::regex_replace(text, std::regex("under = .*\n"), ""));
  EXPECT_THAT(text, AllOf(HasSubstr("pays = \"yes\""), HasSubstr("with = \"uring-send-zc\""),
                          HasSubstr("IORING_SETUP_DEFER_TASKRUN")));
}

TEST(Settings, WhereACopyIsAlwaysCheaperThereIsNoThreshold) {
  const auto samples = real_zero_copy();
  EXPECT_THAT(rendered("settings", plan_for(samples, 10), samples),
              AllOf(HasSubstr("pays = \"no\""), Not(HasSubstr("THRESHOLD"))));
}

TEST(Settings, WhereTheKernelCopiedThereIsNoThresholdButACommand) {
  auto samples = real_zero_copy();
  for (Sample& sample : samples) {
    if (sample.zero_copy) sample.zero_copy = zero_copy_counts(0, 1000, 0);
  }
  EXPECT_THAT(rendered("settings", plan_for(samples, 10), samples),
              AllOf(HasSubstr("was_real = false"), HasSubstr("pays = \"the kernel copied"),
                    Not(HasSubstr("THRESHOLD")),
                    HasSubstr("uringbench --mode uring-two-copy,uring-send-zc --link tcp-sink")));
}

TEST(Settings, OneRepetitionSettlesNothing) {
  const auto samples = verdict_samples(1);
  EXPECT_THAT(rendered("settings", plan_for(samples), samples), IsEmpty());
}

}  // namespace
}  // namespace ub::report
