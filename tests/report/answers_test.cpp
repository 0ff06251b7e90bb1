#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rendered.hpp"

namespace ub::report {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string answers_of(std::vector<Sample> samples) {
  const analysis::StudyData study = study_of(std::move(samples));
  return rendered("answers", study.plan, study.samples);
}

std::vector<Sample> with_misses(std::vector<Sample> samples) {
  for (Sample& sample : samples) {
    const bool zero_copy = sample.the_case.family == Family::zero_copy;
    const auto bytes = static_cast<double>(sample.bytes);
    sample.server.counters["l1d_misses"] = Counted{bytes / (zero_copy ? 80 : 40), 1};
    sample.server.counters["llc_misses"] = Counted{bytes / (zero_copy ? 500 : 100), 1};
  }
  return samples;
}

std::vector<Sample> with_clients(std::vector<Sample> samples) {
  const std::size_t count = samples.size();
  for (std::size_t i = 0; i < count; ++i) {
    Sample sample = samples[i];
    sample.the_case.clients = 8;
    sample.message_rate *= 0.5;
    samples.push_back(sample);
  }
  return samples;
}

TEST(Answers, Golden) {
  auto samples = with_clients(with_misses(crossing_samples(10)));
  for (Sample& sample : samples) {
    if (sample.the_case.family == Family::zero_copy) {
      sample.zero_copy = zero_copy_counts(0, 1000, 0);
    }
  }
  expect_golden("answers.txt", answers_of(samples));
}

TEST(Answers, WhatTheDataCannotSayIsSaidWithTheRunThatWould) {
  const std::string text = answers_of(verdict_samples(10));
  EXPECT_THAT(text,
              AllOf(HasSubstr("cache misses are unavailable (this machine has no PMU"),
                    HasSubstr("bench/sweep.sh crossover"), HasSubstr("bench/sweep.sh classic")));
  EXPECT_THAT(text, Not(HasSubstr("overtakes at")));
}

TEST(Answers, AnEmptyStudyAnswersNothing) {
  const std::string text = answers_of({});
  std::size_t refusals = 0;
  for (std::size_t at = text.find("Cannot be answered"); at != std::string::npos;
       at = text.find("Cannot be answered", at + 1)) {
    ++refusals;
  }
  EXPECT_EQ(refusals, 6U);
}

TEST(Answers, TheCacheLevelWithTheLargestChangeComesFirst) {
  const std::string text = answers_of(with_misses(crossing_samples(10)));
  const std::size_t first = text.find("LLC misses a byte");
  ASSERT_NE(first, std::string::npos);
  EXPECT_LT(first, text.find("L1d misses a byte")) << "five times fewer, against twice";
  EXPECT_THAT(text, HasSubstr("uring-send-zc against uring-two-copy 0.200 [0.200, 0.200]"));
}

}  // namespace
}  // namespace ub::report
