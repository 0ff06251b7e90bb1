// Every report format, by its descriptor.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "rendered.hpp"
#include "renders.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/report/format.hpp"

namespace ub::report {
namespace {

using testing::HasSubstr;
using testing::IsSupersetOf;

TEST(Formats, HaveNamesOfTheirOwnAndHelp) {
  std::set<std::string_view> names;
  for (const Format& format : formats()) {
    EXPECT_TRUE(names.insert(format.name).second) << format.name;
    EXPECT_FALSE(format.help.empty()) << format.name;
    const Input renders = takes(format, Input::study) ? Input::study : Input::forms;
    EXPECT_THAT(format_help(renders), HasSubstr(std::string(format.name)));
  }
}

TEST(Formats, AreFoundByInput) {
  EXPECT_THAT(
      format_names(Input::study),
      IsSupersetOf({"text", "json", "jsonl", "csv", "thresholds", "answers", "refine", "html"}));
  EXPECT_THAT(format_names(Input::checks), IsSupersetOf({"text", "json", "jsonl"}));
  for (const Input input : {Input::comparison, Input::explanation, Input::modes, Input::features,
                            Input::selftest, Input::forms}) {
    EXPECT_THAT(format_names(input), IsSupersetOf({"text", "json"}));
    EXPECT_EQ(format_names(input).front(), "text") << "the default";
  }
  EXPECT_EQ(&format_named("table", Input::modes), &formats().front()) << "the old name of text";
}

TEST(Formats, AnUnknownOneIsRefusedWithThoseThatWouldDo) {
  try {
    format_named("csv", Input::modes);
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("--format: 'csv' is not a format here; accepted are text"));
  }
}

TEST(Formats, AnEmptyStudyHarmsNone) {
  for (const Format& format : formats()) {
    if (format.unavailable.empty() && takes(format, Input::study))
      rendered(std::string(format.name), {}, {});
  }
}

TEST(Json, Golden) {
  const auto samples = verdict_samples(10);
  Json json = Json::parse(rendered("json", plan_for(samples, 10), samples));
  json.at("groups")[0].erase("case");  // every factor of the model: a new one changes nothing here
  for (Json& row : json.at("groups")[0].at("rows")) {
    row.erase("case");
    if (row.at("variant") != "epoll-two-copy") row.erase("figures");  // one shows the form of all
  }
  expect_golden("analysis.json", json.dump(2) + "\n");
}

TEST(Json, SaysOfEachRowWhatTheTableDoes) {
  const auto samples = comparison_samples();
  const Json json = Json::parse(rendered("json", plan_for(samples, 3), samples));
  const Json& group = json.at("groups")[0];
  EXPECT_EQ(group.at("title"), "size 4K, 1 client");
  EXPECT_EQ(group.at("case").at("size_bytes"), 4096);
  EXPECT_EQ(group.at("baseline"), "pthread-two-copy");
  const Json& unavailable = group.at("rows")[0];
  EXPECT_EQ(unavailable.at("failures")[0].at("status"), "unavailable");
  const Json& two_copy = group.at("rows")[1];
  EXPECT_EQ(two_copy.at("variant"), "pthread-two-copy");
  EXPECT_EQ(two_copy.at("case").at("engine"), "pthread");
  EXPECT_FALSE(two_copy.at("case").contains("size_bytes"));
  EXPECT_NEAR(two_copy.at("figures").at("throughput_gbps").at("median").get<double>(), 25.1, 0.01);
  EXPECT_THAT(two_copy.at("figures").at("cycles_per_byte").at("unavailable").get<std::string>(),
              HasSubstr("no PMU"));
}

TEST(Json, HoldsCrossoversFindingAndAnswers) {
  const auto samples = crossing_samples(10);
  const Json json = Json::parse(rendered("json", plan_for(samples, 10), samples));
  EXPECT_EQ(json.at("crossovers")[0].at("pairs")[1].at("outcome"), "crossing");
  EXPECT_EQ(json.at("crossovers")[0].at("variants").size(), 3U);
  EXPECT_THAT(json.at("answers").at("zero_copy_overtakes"), testing::Not(testing::IsEmpty()));
  EXPECT_TRUE(json.at("finding").at("cause").is_null());
}

TEST(Json, OfTwoStudiesHoldsEveryCaseAndTheOutcome) {
  const auto a = study_of(verdict_samples(10));
  const auto b = study_of(scaled_samples(verdict_samples(10), 0.8));
  const auto comparison = analysis::compare_studies({{&a, &b}});
  const Json json =
      Json::parse(format_named("json", Input::comparison).comparison(comparison).text());
  EXPECT_EQ(json.at("outcome"), "unclear") << "one pair";
  EXPECT_EQ(json.at("limit"), 0.03);
  EXPECT_EQ(json.at("environment_unknown")[0], "governor");
  EXPECT_EQ(json.at("cases").size(), 5U);
  EXPECT_EQ(json.at("cases")[0].at("b_against_a").at("verdict"), "slower");
  EXPECT_TRUE(json.at("noise").at("a").at("floor").is_null());
}

}  // namespace
}  // namespace ub::report
