#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rendered.hpp"
#include "renders.hpp"

namespace ub::report {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

/// What the kernel said, of all zero-copy sends.
std::vector<Sample> reported(std::vector<Sample> samples, const ZeroCopyCounts& counts, Link link) {
  for (Sample& sample : samples) {
    sample.the_case.link = link;
    if (sample.the_case.family == Family::zero_copy) sample.zero_copy = counts;
  }
  return samples;
}

std::vector<Sample> without(std::vector<Sample> samples, const std::string& path) {
  std::erase_if(samples, [&](const Sample& sample) { return sample.the_case.path == path; });
  return samples;
}

ZeroCopyCounts copied_locally() {
  ZeroCopyCounts counts = zero_copy_counts(0, 1000, 0);
  counts.cause = "local delivery";
  return counts;
}

std::string finding_of(const std::vector<Sample>& samples) {
  const auto finding = analysis::zero_copy_finding(analysis::find_crossovers(samples));
  return fmt::format("{}", fmt::join(finding_sentences(finding), " "));
}

/// uring-send-zc overtakes uring-two-copy at 16,000 B; uring-fixed is cheaper than both.
std::vector<Sample> real(std::uint32_t blocks = 10) {
  return reported(crossing_samples(blocks), zero_copy_counts(1000, 0, 0), Link::sink);
}

TEST(Finding, NamesWhereTheFirstModePays) {
  const std::string text = finding_of(without(real(), "fixed"));
  EXPECT_THAT(text, StartsWith("Where the kernel did not copy, "));
  EXPECT_THAT(text, HasSubstr("uring-send-zc from 15."));
  EXPECT_THAT(text, Not(HasSubstr("copied after all")));
}

TEST(Finding, APathPaysOnlyWhenItBeatsEveryCopyingOneOfItsEngine) {
  EXPECT_THAT(finding_of(real()), HasSubstr("none at any size of 1K to 256K"));
}

TEST(Finding, APathOfAnotherEngineIsNoRival) {
  std::vector<Sample> samples = without(real(), "fixed");
  for (Sample& sample : samples) {
    if (sample.the_case.family == Family::two_copy) sample.the_case.engine = EngineKind::epoll;
  }
  EXPECT_THAT(finding_of(samples), IsEmpty());
}

TEST(Finding, WhereItCopiedTheCauseIsNamed) {
  const std::string text =
      finding_of(reported(crossing_samples(10), copied_locally(), Link::loopback));
  EXPECT_THAT(text, StartsWith("Where it copied after all (local delivery), "));
  EXPECT_THAT(text, HasSubstr("none at any size"));
}

TEST(Finding, NotificationsThatAreJoinedAreNoCopying) {
  ZeroCopyCounts joined = zero_copy_counts(300, 700, 0);
  joined.cause = kJoinedNotifications;
  const std::string text = finding_of(reported(crossing_samples(10), joined, Link::tcp_sink));
  EXPECT_THAT(text, StartsWith("Where the kernel did not copy, "));
}

TEST(Finding, TwoLinksMakeTwoSentences) {
  std::vector<Sample> samples = without(real(), "fixed");
  for (Sample& sample : reported(crossing_samples(10), copied_locally(), Link::loopback)) {
    samples.push_back(std::move(sample));
  }
  const std::string text = finding_of(samples);
  EXPECT_THAT(text, HasSubstr("on (over sink, 1 client). Where it copied after all"));
  EXPECT_THAT(text, HasSubstr("(over loopback, 1 client)"));
}

/// As where noise hides which is cheaper for small messages, but not for large ones.
TEST(Finding, WhatIsDecidedForLargeMessagesOnlyIsSaidOfThem) {
  std::vector<Sample> samples = without(real(), "fixed");
  for (Sample& sample : samples) {
    if (sample.the_case.size_bytes > 4096) continue;
    sample.server.cpu_ns = sample.messages * (sample.block % 2 == 0 ? 1000 : 2000);
    if (sample.the_case.family == Family::zero_copy && sample.block % 3 == 0) {
      sample.server.cpu_ns *= 3;
    }
    sample.client.cpu_ns = sample.server.cpu_ns;
  }
  EXPECT_THAT(finding_of(samples), HasSubstr("uring-send-zc from 64 KiB on at the latest"));
}

TEST(Finding, TooFewRepetitionsFindNothing) {
  EXPECT_THAT(finding_of(without(real(2), "fixed")), IsEmpty());
}

TEST(Finding, APathThatReportsNothingIsNotJudged) {
  const auto samples = reported(crossing_samples(10), zero_copy_counts(0, 0, 1000), Link::sink);
  EXPECT_THAT(finding_of(samples), IsEmpty());
}

}  // namespace
}  // namespace ub::report
