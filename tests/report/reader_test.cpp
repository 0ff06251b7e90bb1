#include "uringbench/record/reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "rendered.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/model/json.hpp"

namespace ub::report {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

record::Recording read(const std::string& text) {
  std::istringstream in(text);
  return record::read_recording(in);
}

std::string error_of(const std::string& text) {
  try {
    read(text);
  } catch (const SetupError& error) {
    return error.what();
  }
  return "no error";
}

std::string environment_line() {
  return Json(environment()).dump() + "\n";
}

std::string sample_line(double gbps = 8) {
  const Case the_case = case_of(EngineKind::pthread, "two-copy", Family::two_copy, 4096);
  return Json(sample_of(the_case, gbps)).dump() + "\n";
}

TEST(Reader, ReadsTheFixedFile) {
  const record::Recording recording = read(golden_text("samples.jsonl"));
  EXPECT_EQ(recording.environment, environment());
  EXPECT_TRUE(recording.samples == comparison_samples());
  EXPECT_FALSE(recording.torn.has_value());
}

TEST(Reader, ATableFromTheFileIsTheTableOfTheStudy) {
  const record::Recording recording = read(golden_text("samples.jsonl"));
  const std::string table = table_of(plan_for(comparison_samples(), 3), recording.samples);
  expect_golden("comparison.txt", table);
}

TEST(Reader, ATornLastLineIsReturned) {
  const std::string whole = environment_line() + sample_line();
  const std::string torn = sample_line().substr(0, 40);
  const record::Recording recording = read(whole + torn);
  EXPECT_EQ(recording.samples.size(), 1U);
  ASSERT_TRUE(recording.torn.has_value());
  EXPECT_EQ(recording.torn->number, 3U);
  EXPECT_EQ(recording.torn->text, torn);
}

TEST(Reader, EveryPlaceWhereALineCanTearIsTornOrWhole) {
  const std::string first = environment_line();
  const std::string line = sample_line();
  for (std::size_t cut = 1; cut < line.size() - 1; ++cut) {
    const record::Recording recording = read(first + line.substr(0, cut));
    EXPECT_TRUE(recording.torn.has_value()) << cut;
    EXPECT_TRUE(recording.samples.empty()) << cut;
  }
  const record::Recording without_line_feed = read(first + line.substr(0, line.size() - 1));
  EXPECT_FALSE(without_line_feed.torn.has_value());
  EXPECT_EQ(without_line_feed.samples.size(), 1U);
}

TEST(Reader, ACaseOutOfRangeIsAnErrorWithItsNumber) {
  Json sample = Json::parse(sample_line());
  sample["case"]["size_bytes"] = 0;
  EXPECT_THAT(error_of(environment_line() + sample.dump() + "\n"),
              AllOf(HasSubstr("line 2"), HasSubstr("size")));
}

TEST(Reader, ATornLineInTheMiddleIsAnErrorWithItsNumber) {
  const std::string text =
      environment_line() + sample_line() + sample_line().substr(0, 40) + "\n" + sample_line();
  EXPECT_THAT(error_of(text), HasSubstr("line 3: "));
}

TEST(Reader, ARecordThatLacksAFieldNamesIt) {
  Json sample = Json::parse(sample_line());
  sample.erase("goodput_bps");
  EXPECT_THAT(error_of(environment_line() + "\n" + sample.dump() + "\n"),
              AllOf(HasSubstr("line 3: "), HasSubstr("goodput_bps")));
}

TEST(Reader, WhatIsNoRecordIsAnError) {
  for (const std::string line : {"[]", "17", "{}", "{\"record\":5}", "null"}) {
    EXPECT_THAT(error_of(environment_line() + line + "\n"), HasSubstr("line 2: ")) << line;
  }
}

TEST(Reader, ANewerSchemaIsAnError) {
  Json sample = Json::parse(sample_line());
  sample["schema"] = 2;
  EXPECT_THAT(error_of(environment_line() + sample.dump() + "\n"), HasSubstr("schema"));
}

TEST(Reader, UnknownRecordsAndFieldsAreSkipped) {
  Json sample = Json::parse(sample_line());
  sample["a_field_of_tomorrow"] = 1;
  const std::string unknown = R"({"schema":1,"record":"canary","ns":52})";
  const record::Recording recording =
      read(environment_line() + unknown + "\n" + sample.dump() + "\n");
  EXPECT_EQ(recording.samples.size(), 1U);
}

TEST(Reader, ASampleNeedsAnEnvironment) {
  EXPECT_THAT(error_of(sample_line() + environment_line()),
              HasSubstr("line 1: a sample before the environment record"));
  EXPECT_THAT(error_of(""), HasSubstr("holds no environment record"));
  EXPECT_THAT(error_of(environment_line().substr(0, 20)), HasSubstr("holds no environment record"));
}

TEST(Reader, AResumedStudyKeepsBothEnvironments) {
  Environment later = environment();
  later.facts["kernel"] = "6.19";
  Json second = Json::parse(sample_line());
  second["rep"] = second.at("rep").get<int>() + 1;
  const record::Recording recording =
      read(environment_line() + sample_line() + Json(later).dump() + "\n" + second.dump() + "\n");
  EXPECT_EQ(recording.environment, environment());
  EXPECT_THAT(recording.later_environments, ElementsAre(later));
  EXPECT_EQ(recording.samples.size(), 2U);
}

TEST(PlanOf, OrdersCasesForReadingWhateverTheOrderOfTheFile) {
  record::Recording recording;
  recording.environment = environment();
  const Case large = case_of(EngineKind::pthread, "two-copy", Family::two_copy, 4096);
  const Case ring = case_of(EngineKind::uring, "two-copy", Family::two_copy, 64);
  const Case gather = case_of(EngineKind::pthread, "gather", Family::one_copy, 64);
  const Case small = case_of(EngineKind::pthread, "two-copy", Family::two_copy, 64);
  const Case fixed = case_of(EngineKind::pthread, "fixed", Family::one_copy, 64);
  for (const Case& c : {large, ring, gather, small, large}) {
    recording.samples.push_back(sample_of(c, 1, 2));
  }
  recording.samples.push_back(failed_sample(fixed, Status::unavailable, "no ring"));
  const Plan plan = record::plan_of(recording);
  std::vector<Case> cases;
  for (const PlannedCase& planned : plan.cases) cases.push_back(planned.the_case);
  EXPECT_EQ(cases, (std::vector<Case>{small, fixed, gather, ring, large}));
  EXPECT_EQ(plan.cases[1].unavailable, "no ring");
  EXPECT_EQ(plan.reps, 3U);
  EXPECT_EQ(plan.seed, 7U);
}

}  // namespace
}  // namespace ub::report
