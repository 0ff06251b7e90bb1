#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "rendered.hpp"
#include "uringbench/model/json.hpp"
#include "writing.hpp"

namespace ub::report {
namespace {

using testing::HasSubstr;
using testing::Not;

const Format& in(std::string_view name) {
  return format_named(name, Input::modes);
}

std::size_t width_of(const std::string& text) {
  std::istringstream in(text);
  std::size_t width = 0;
  for (std::string line; std::getline(in, line);) width = std::max(width, display_width(line));
  return width;
}

std::vector<ModeRow> grid() {
  return {{"pthread-two-copy", Family::two_copy, "flattens the fields into one buffer, then send",
           "flatten, user to skb", ""},
          {"pthread-fixed", Family::one_copy, "writes from a registered buffer, built in place",
           "user to skb, no page lookup", "the path 'fixed' needs a ring, which 'pthread' has not"},
          {"uring-send-zc-fixed", Family::zero_copy, "OP_SEND_ZC from a registered buffer",
           "none, or a deferred one", ""},
          {"uring-null", Family::none, "OP_NOP: prices the harness itself", "none", ""}};
}

std::vector<FeatureRow> features() {
  return {{"io_uring", Supported::yes, "io_uring_setup", "5.1", "features 0x3ffff"},
          {"send bundle", Supported::no, "IORING_FEAT_RECVSEND_BUNDLE", "6.10",
           "the feature bit is not set; a kernel of 6.10 or newer has it"},
          {"SEND_ZC usage report", Supported::unknown, "trial send on a loopback pair", "6.2",
           "no socket pair could be made: EMFILE (Too many open files); raise ulimit -n"}};
}

TEST(Grid, GoldenTable) {
  expect_golden("grid.txt", in("text").modes(grid()).text());
}
TEST(Grid, GoldenJson) {
  expect_golden("grid.json", in("json").modes(grid()).text());
}

TEST(Grid, JsonSaysAvailableOrWhyNot) {
  const Json json = Json::parse(in("json").modes(grid()).text());
  ASSERT_EQ(json.at("modes").size(), 4U);
  EXPECT_EQ(json["modes"][0].at("available"), true);
  EXPECT_TRUE(json["modes"][0].at("unavailable_reason").is_null());
  EXPECT_EQ(json["modes"][1].at("available"), false);
  EXPECT_EQ(json["modes"][1].at("unavailable_reason"), grid()[1].unavailable_reason);
}

TEST(Grid, TheTableSaysOnceWhatAPathDoes) {
  auto rows = grid();
  rows.push_back({"epoll-two-copy", Family::two_copy, rows[0].summary, rows[0].copies, ""});
  const std::string text = in("text").modes(rows).text();
  EXPECT_THAT(text, testing::HasSubstr("\nepoll-two-copy "));
  EXPECT_THAT(text, testing::HasSubstr(rows[0].summary));
  EXPECT_EQ(text.find(rows[0].summary), text.rfind(rows[0].summary));
}

TEST(Grid, AModeOfWhichNobodyKnowsIsNeitherThereNorMissing) {
  const std::vector<ModeRow> rows{{"uring-two-copy", Family::two_copy, "flattens", "flatten", "",
                                   "IORING_OP_SEND could not be tried: EPERM"}};
  const std::string text = in("text").modes(rows).text();
  EXPECT_THAT(text, testing::HasSubstr(" unknown "));
  EXPECT_THAT(text, testing::HasSubstr("unknown, a"));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("unavailable")));
  const Json mode = Json::parse(in("json").modes(rows).text()).at("modes").at(0);
  EXPECT_EQ(mode.at("available"), false);
  EXPECT_TRUE(mode.at("unavailable_reason").is_null());
  EXPECT_EQ(mode.at("unknown_reason"), "IORING_OP_SEND could not be tried: EPERM");
}

TEST(Grid, LongTextsWrap) {
  const std::string words = "a good many words that say little and go on for quite a while, ";
  const std::vector<ModeRow> rows{{std::string(70, 'm'), Family::zero_copy, words + words + words,
                                   words + words, words + std::string(130, 'x')}};
  const std::size_t width = width_of(in("text").modes(rows).text());
  EXPECT_LE(width, 100U);
  EXPECT_GT(width, 90U) << "the data no longer press against the limit";
}

TEST(Features, GoldenTable) {
  expect_golden("features.txt", in("text").features(features()).text());
}
TEST(Features, GoldenJson) {
  expect_golden("features.json", in("json").features(features()).text());
}

TEST(Features, JsonKeepsTheThreeAnswersApart) {
  const Json json = Json::parse(in("json").features(features()).text());
  EXPECT_EQ(json["features"][0].at("supported"), "yes");
  EXPECT_EQ(json["features"][1].at("supported"), "no");
  EXPECT_EQ(json["features"][2].at("supported"), "unknown");
}

TEST(Features, LongTextsWrap) {
  const std::vector<FeatureRow> rows{{std::string(70, 'n'), Supported::unknown,
                                      std::string(90, 'p'), "6.18", std::string(250, 'd')}};
  const std::size_t width = width_of(in("text").features(rows).text());
  EXPECT_LE(width, 100U);
  EXPECT_GT(width, 90U) << "the data no longer press against the limit";
}

std::vector<CheckRow> some_rows() {
  return {{"turbo", "note", "on", "a reason", "echo 1"},
          {"steal", "ok", "0.0%", "another", ""},
          {"clock source", "severe", "hpet", std::string(150, 'w') + " end", "echo tsc | sudo tee"},
          {"governor", "unknown", "no cpufreq", "unread", ""}};
}

std::string table(Colour colour) {
  return in("text").checks(some_rows()).text({.colour = colour});
}

TEST(Checkup, TheWorstComesFirstAndWhatIsWellLast) {
  const std::string text = table(Colour::off);
  const std::vector<std::size_t> places = {
      text.find("severe   clock source: hpet"), text.find("note     turbo: on"),
      text.find("unknown  governor: no cpufreq"), text.find("ok       steal (0.0%)")};
  EXPECT_EQ(places.front(), 0U) << text;
  EXPECT_TRUE(std::is_sorted(places.begin(), places.end())) << text;
  EXPECT_THAT(text, HasSubstr("\n         mend: echo tsc | sudo tee\n"));
  EXPECT_THAT(text, Not(HasSubstr("unread"))) << "nothing is known, so nothing matters";
}

TEST(Checkup, FitsHundredColumns) {
  std::istringstream lines(table(Colour::off));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
}

TEST(Checkup, ColoursOnlyWhereTheyAreWanted) {
  EXPECT_THAT(table(Colour::off), Not(HasSubstr("\x1b[")));
  EXPECT_THAT(table(Colour::on), HasSubstr("\x1b["));
}

TEST(Checkup, JsonHasALineEach) {
  std::istringstream lines(format_named("jsonl", Input::checks).checks(some_rows()).text());
  std::vector<Json> checks;
  for (std::string line; std::getline(lines, line);) checks.push_back(Json::parse(line));
  ASSERT_EQ(checks.size(), 4U);
  EXPECT_EQ(checks[0].at("name"), "turbo");
  EXPECT_EQ(checks[0].at("record"), "check");
  EXPECT_EQ(checks[0].at("mend"), "echo 1");
  EXPECT_TRUE(checks[1].at("mend").is_null());
}

TEST(Selftest, SaysWhatContradicts) {
  std::vector<SelftestRow> rows{{"uring-send-zc", Link::loopback, "copied", "100% copied",
                                 "local delivery", "agrees", false}};
  EXPECT_THAT(in("text").selftest(rows).text(), HasSubstr("No path contradicts"));
  rows.push_back({"uring-send-zc", Link::sink, "real", "100% copied", "", "contradicts", true});
  EXPECT_THAT(in("text").selftest(rows).text(), HasSubstr("\n1 of 2 rows contradict"));
  const Json json = Json::parse(in("json").selftest(rows).text());
  EXPECT_EQ(json.at("rows")[0].at("cause"), "local delivery");
  EXPECT_EQ(json.at("rows")[1].at("verdict"), "contradicts");
}

}  // namespace
}  // namespace ub::report
