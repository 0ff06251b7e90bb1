// --rate as shares of the capacity.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "program.hpp"
#include "uringbench/model/json.hpp"

namespace ub::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::vector<std::string> shares(std::string rates, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments{"--workload", "rr",   "--mode",   "pthread,epoll",
                                     "--size",     "64",   "--warmup", "20ms",
                                     "--duration", "50ms", "--rate",   std::move(rates)};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

TEST(Capacity, SharesBecomeRatesOfWhatTheSlowestModeAnswers) {
  const Ended ended = uringbench(shares("10%,20%", {"--format", "jsonl"}));
  EXPECT_THAT(ended.err,
              AllOf(HasSubstr("the slowest has a capacity of"), HasSubstr("--rate 10%,20% is")));
  std::istringstream lines(ended.out);
  std::set<double> rates;
  std::string capacity;
  for (std::string line; std::getline(lines, line);) {
    const Json record = Json::parse(line);
    if (record.at("record") == "environment") {
      capacity = record.at("facts").at("rate_capacity").get<std::string>();
      EXPECT_EQ(record.at("facts").at("rate_shares"), "10%,20%");
    }
    if (record.at("record") == "sample" && record.at("case").at("purpose") == "comparison") {
      rates.insert(record.at("case").at("rate_per_s").get<double>());
    }
  }
  ASSERT_EQ(rates.size(), 2U);
  const double measured = std::stod(capacity);
  EXPECT_NEAR(*rates.begin() / measured, 0.1, 0.001);
  EXPECT_NEAR(*rates.rbegin() / measured, 0.2, 0.002);
}

TEST(Capacity, WhatIsNoShareIsRefusedBeforeAnythingRuns) {
  const Ended none = uringbench(shares("0%"));
  EXPECT_EQ(none.status, 2);
  EXPECT_THAT(none.err, AllOf(HasSubstr("--rate: '0%'"), HasSubstr("to 100%")));
  const Ended stream = uringbench({"--workload", "stream", "--mode", "pthread", "--rate", "50%"});
  EXPECT_EQ(stream.status, 2);
  EXPECT_THAT(stream.err, HasSubstr("--rate"));
}

}  // namespace
}  // namespace ub::cli
