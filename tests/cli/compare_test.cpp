// uringbench compare: the exit status is what scripts and `git bisect run` go by.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "program.hpp"
#include "support/scratch.hpp"
#include "support/text.hpp"
#include "uringbench/model/json.hpp"

namespace ub::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int kCaseMissing = 3;
constexpr int kCannotCompare = 125;

/// A study of eight repetitions of one case at about `rate` messages a second.
void write_study(const std::filesystem::path& directory, double rate) {
  std::filesystem::create_directories(directory);
  std::ofstream file(directory / "samples.jsonl");
  Environment environment;
  environment.facts["kernel"] = "Linux";
  Json first = environment;
  file << first.dump() << '\n';
  for (std::uint32_t rep = 0; rep < 8; ++rep) {
    Sample sample;
    sample.status = Status::valid;
    sample.the_case.path = "two-copy";
    sample.the_case.family = Family::two_copy;
    sample.the_case.size_bytes = 4096;
    sample.the_case.duration_ns = 1'000'000'000;
    sample.rep = sample.block = rep;
    sample.message_rate = rate * (1 + 0.001 * rep);
    file << Json(sample).dump() << '\n';
  }
}

/// Studies at these rates, A, B, A, B …
Ended compared(const std::vector<double>& rates, std::vector<std::string> options = {}) {
  const test::Scratch scratch;
  std::vector<std::string> arguments{"compare"};
  for (std::size_t i = 0; i < rates.size(); ++i) {
    arguments.push_back(scratch.path() / std::to_string(i));
    write_study(arguments.back(), rates[i]);
  }
  arguments.insert(arguments.end(), options.begin(), options.end());
  return uringbench(std::move(arguments));
}

TEST(Compare, TheSameBuildIsTheSame) {
  const Ended ended = compared({1e6, 1e6}, {"--fail-if-slower", "5%"});
  EXPECT_EQ(ended.status, 0) << ended.out;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("1 case: 1 same"), HasSubstr("are alike"),
                               HasSubstr("not slower than A by more than 5.0%")));
  EXPECT_THAT(ended.err, IsEmpty());
}

TEST(Compare, OnePairNeverFails) {
  EXPECT_EQ(compared({1e6, 0.5e6}, {"--fail-if-slower", "5%"}).status, kCannotCompare);
  EXPECT_EQ(compared({1e6, 0.9e6}, {"--fail-if-slower", "20%"}).status, 0);
  EXPECT_EQ(compared({1e6, 0.9e6}).status, 0);
  EXPECT_EQ(compared({0.9e6, 1e6}, {"--fail-if-slower", "5%"}).status, 0);
}

TEST(Compare, SeveralPairsThatAgreeFailWhereAsked) {
  const std::vector<double> slower{1e6, 0.8e6, 1.01e6, 0.81e6, 0.99e6, 0.79e6};
  EXPECT_EQ(compared(slower, {"--fail-if-slower", "5%"}).status, 1);
  EXPECT_EQ(compared(slower).status, 0);
  const std::vector<double> apart{1e6, 0.8e6, 0.8e6, 1e6};
  EXPECT_EQ(compared(apart, {"--fail-if-slower", "5%"}).status, kCannotCompare);
}

TEST(Compare, JsonHoldsTheOutcome) {
  const Json json = Json::parse(compared({1e6, 0.9e6}, {"--format", "json"}).out);
  EXPECT_EQ(json.at("outcome"), "unclear");
  EXPECT_EQ(json.at("pairs"), 1);
  EXPECT_EQ(json.at("design"), "one_pair");
  EXPECT_EQ(json.at("cases")[0].at("b_against_a").at("verdict"), "slower");
}

TEST(Compare, AMissingCaseHasItsOwnStatusAndReason) {
  const test::Scratch scratch;
  const std::string a = scratch.path() / "a";
  const std::string b = scratch.path() / "b";
  write_study(a, 1e6);
  write_study(b, 1e6);
  Sample other;
  other.status = Status::failed;
  other.reason = "the server process was ended by signal 9";
  other.the_case.path = "gather";
  other.the_case.family = Family::one_copy;
  other.the_case.size_bytes = 4096;
  other.the_case.duration_ns = 1'000'000'000;
  std::ofstream(b + "/samples.jsonl", std::ios::app) << Json(other).dump() << '\n';
  const Ended ended = uringbench({"compare", a, b, "--fail-if-slower", "5%"});
  EXPECT_EQ(ended.status, kCaseMissing);
  EXPECT_THAT(test::unwrapped(ended.out),
              AllOf(HasSubstr("A missing: its plan has no such case"),
                    HasSubstr("B failed: the server process was ended by signal 9")));
}

TEST(Compare, WhatCannotBeComparedIs125) {
  const Ended missing = uringbench({"compare", "/nonexistent/a", "/nonexistent/b"});
  EXPECT_EQ(missing.status, kCannotCompare);
  EXPECT_THAT(missing.err, HasSubstr("/nonexistent/a"));
}

TEST(Compare, OddOrRepeatedDirectoriesAreRefused) {
  for (const std::vector<double>& rates : {std::vector<double>{1e6}, {1e6, 1e6, 1e6}}) {
    const Ended ended = compared(rates);
    EXPECT_EQ(ended.status, 2);
    EXPECT_THAT(ended.err, HasSubstr("no pairs; give two studies"));
  }
  const test::Scratch scratch;
  write_study(scratch.path() / "a", 1e6);
  const std::string a = scratch.path() / "a";
  const Ended twice = uringbench({"compare", a, a + "/"});
  EXPECT_EQ(twice.status, 2);
  EXPECT_THAT(twice.err, HasSubstr("is given twice"));
}

TEST(Compare, TwoProgramsAreMeasuredInTurn) {
  const test::Scratch scratch;
  const std::string out = scratch.path() / "out";
  const std::string both = std::string(URINGBENCH_PROGRAM) + "," + URINGBENCH_PROGRAM;
  const Ended ended =
      uringbench({"compare", "--program", both, "--mode", "pthread", "--size", "4K", "--duration",
                  "20ms", "--warmup", "10ms", "--reps", "2", "--format", "json", "--out", out});
  ASSERT_EQ(ended.status, 0) << ended.err;
  const Json json = Json::parse(ended.out);
  EXPECT_EQ(json.at("design"), "blocks");
  EXPECT_EQ(json.at("cases").size() + json.at("missing").size(),
            1U);  // a busy machine may spoil it
  for (const char* side : {"a", "b"}) {
    EXPECT_TRUE(std::filesystem::exists(out + "/" + side + "/samples.jsonl")) << side;
  }
}

TEST(Compare, WhatIsNoProgramOfThisProtocolIsRefused) {
  const auto refused = [](const std::string& programs, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"compare", "--program", programs};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ended ended = uringbench(std::move(arguments));
    EXPECT_EQ(ended.status, 2) << programs;
    EXPECT_THAT(ended.out, IsEmpty());
    return ended.err;
  };
  const std::string self = URINGBENCH_PROGRAM;
  EXPECT_THAT(refused(self + ",/bin/true"), HasSubstr("speaks another protocol"));
  EXPECT_THAT(refused(self + ",/nonexistent/uringbench"), HasSubstr("cannot be started: ENOENT"));
  EXPECT_THAT(refused(self), HasSubstr("it takes two, A,B"));
  EXPECT_THAT(refused(self + "," + self, {"--resume", "x"}), HasSubstr("--resume"));
  EXPECT_THAT(refused(self + "," + self, {"x"}), HasSubstr("'x' is a directory"));
  EXPECT_THAT(refused(self + "," + self, {"--server", "exec:false"}), HasSubstr("--server"));
  EXPECT_THAT(refused(self + "," + self, {"--output", "x"}), HasSubstr("--output"));
}

TEST(Compare, BadOptionsAreRefused) {
  for (const char* share : {"5", "0%", "five", "100%", "-3%", "%"}) {
    const Ended ended = compared({1e6, 1e6}, {"--fail-if-slower=" + std::string(share)});
    EXPECT_EQ(ended.status, 2) << share;
    EXPECT_THAT(ended.err, HasSubstr("--fail-if-slower"));
  }
  EXPECT_EQ(compared({1e6, 1e6}, {"--by", "beauty"}).status, 2);
}

}  // namespace
}  // namespace ub::cli
