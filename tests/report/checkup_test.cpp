#include "uringbench/report/checkup.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "uringbench/model/json.hpp"

namespace ub::report {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<CheckRow> some_rows() {
  return {{"turbo", "note", "on", "a reason", "echo 1"},
          {"steal", "ok", "0.0%", "another", ""},
          {"clock source", "severe", "hpet", std::string(150, 'w') + " end", "echo tsc | sudo tee"},
          {"governor", "unknown", "no cpufreq", "unread", ""}};
}

std::string table(Colour colour) {
  std::ostringstream out;
  write_checkup_table(out, some_rows(), colour);
  return out.str();
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
  std::ostringstream out;
  write_checkup_jsonl(out, some_rows());
  std::istringstream lines(out.str());
  std::vector<Json> checks;
  for (std::string line; std::getline(lines, line);) checks.push_back(Json::parse(line));
  ASSERT_EQ(checks.size(), 4U);
  EXPECT_EQ(checks[0].at("name"), "turbo");
  EXPECT_EQ(checks[0].at("record"), "check");
  EXPECT_EQ(checks[0].at("mend"), "echo 1");
  EXPECT_TRUE(checks[1].at("mend").is_null());
}

}  // namespace
}  // namespace ub::report
