// uringbench compare: the exit status is what scripts and `git bisect run` go by.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "program.hpp"
#include "support/scratch.hpp"
#include "uringbench/model/json.hpp"

namespace ub::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

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
    sample.rep = sample.block = rep;
    sample.message_rate = rate * (1 + 0.001 * rep);
    file << Json(sample).dump() << '\n';
  }
}

Ended compared(double a, double b, std::vector<std::string> options = {}) {
  const test::Scratch scratch;
  write_study(scratch.path() / "a", a);
  write_study(scratch.path() / "b", b);
  std::vector<std::string> arguments{"compare", scratch.path() / "a", scratch.path() / "b"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return uringbench(std::move(arguments));
}

TEST(Compare, TheSameBuildIsTheSame) {
  const Ended ended = compared(1e6, 1e6, {"--fail-if-slower", "5%"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.out, AllOf(HasSubstr("1 case: 1 same"), HasSubstr("are alike")));
  EXPECT_THAT(ended.err, IsEmpty());
}

TEST(Compare, SlowerFailsOnlyWhereAsked) {
  EXPECT_EQ(compared(1e6, 0.9e6, {"--fail-if-slower", "5%"}).status, 1);
  EXPECT_EQ(compared(1e6, 0.9e6, {"--fail-if-slower", "20%"}).status, 0);
  EXPECT_EQ(compared(1e6, 0.9e6).status, 0);
  EXPECT_EQ(compared(0.9e6, 1e6, {"--fail-if-slower", "5%"}).status, 0);
}

TEST(Compare, JsonHoldsTheOutcome) {
  const Ended ended = compared(1e6, 0.9e6, {"--format", "json"});
  EXPECT_EQ(Json::parse(ended.out).at("outcome"), "slower");
}

TEST(Compare, WhatCannotBeComparedIs125) {
  const Ended missing = uringbench({"compare", "/nonexistent/a", "/nonexistent/b"});
  EXPECT_EQ(missing.status, kCannotCompare);
  EXPECT_THAT(missing.err, HasSubstr("/nonexistent/a"));
}

TEST(Compare, BadOptionsAreRefused) {
  for (const char* share : {"5", "0%", "five", "100%", "-3%", "%"}) {
    const Ended ended = compared(1e6, 1e6, {"--fail-if-slower=" + std::string(share)});
    EXPECT_EQ(ended.status, 2) << share;
    EXPECT_THAT(ended.err, HasSubstr("--fail-if-slower"));
  }
  EXPECT_EQ(compared(1e6, 1e6, {"--by", "beauty"}).status, 2);
}

}  // namespace
}  // namespace ub::cli
