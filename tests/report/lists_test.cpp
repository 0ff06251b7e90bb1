#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "golden.hpp"
#include "uringbench/model/json.hpp"
#include "uringbench/report/grid.hpp"
#include "uringbench/report/probe.hpp"
#include "wrap.hpp"

namespace ub::report {
namespace {

template <typename Row>
std::string text_of(void (*writer)(std::ostream&, const std::vector<Row>&),
                    const std::vector<Row>& rows) {
  std::ostringstream out;
  writer(out, rows);
  return out.str();
}

std::size_t width_of(const std::string& text) {
  std::istringstream in(text);
  std::size_t width = 0;
  for (std::string line; std::getline(in, line);) width = std::max(width, display_width(line));
  return width;
}

std::vector<GridRow> grid() {
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
  expect_golden("grid.txt", text_of(write_grid_table, grid()));
}
TEST(Grid, GoldenJson) {
  expect_golden("grid.json", text_of(write_grid_json, grid()));
}

TEST(Grid, JsonSaysAvailableOrWhyNot) {
  const Json json = Json::parse(text_of(write_grid_json, grid()));
  ASSERT_EQ(json.at("modes").size(), 4U);
  EXPECT_EQ(json["modes"][0].at("available"), true);
  EXPECT_TRUE(json["modes"][0].at("unavailable_reason").is_null());
  EXPECT_EQ(json["modes"][1].at("available"), false);
  EXPECT_EQ(json["modes"][1].at("unavailable_reason"), grid()[1].unavailable_reason);
}

TEST(Grid, TheTableSaysOnceWhatAPathDoes) {
  auto rows = grid();
  rows.push_back({"epoll-two-copy", Family::two_copy, rows[0].summary, rows[0].copies, ""});
  const std::string text = text_of(write_grid_table, rows);
  EXPECT_THAT(text, testing::HasSubstr("\nepoll-two-copy "));
  EXPECT_THAT(text, testing::HasSubstr(rows[0].summary));
  EXPECT_EQ(text.find(rows[0].summary), text.rfind(rows[0].summary));
}

TEST(Grid, LongTextsWrap) {
  const std::string words = "a good many words that say little and go on for quite a while, ";
  const std::vector<GridRow> rows{{std::string(70, 'm'), Family::zero_copy, words + words + words,
                                   words + words, words + std::string(130, 'x')}};
  const std::size_t width = width_of(text_of(write_grid_table, rows));
  EXPECT_LE(width, 100U);
  EXPECT_GT(width, 90U) << "the data no longer press against the limit";
}

TEST(Features, GoldenTable) {
  expect_golden("features.txt", text_of(write_features_table, features()));
}
TEST(Features, GoldenJson) {
  expect_golden("features.json", text_of(write_features_json, features()));
}

TEST(Features, JsonKeepsTheThreeAnswersApart) {
  const Json json = Json::parse(text_of(write_features_json, features()));
  EXPECT_EQ(json["features"][0].at("supported"), "yes");
  EXPECT_EQ(json["features"][1].at("supported"), "no");
  EXPECT_EQ(json["features"][2].at("supported"), "unknown");
}

TEST(Features, LongTextsWrap) {
  const std::vector<FeatureRow> rows{{std::string(70, 'n'), Supported::unknown,
                                      std::string(90, 'p'), "6.18", std::string(250, 'd')}};
  const std::size_t width = width_of(text_of(write_features_table, rows));
  EXPECT_LE(width, 100U);
  EXPECT_GT(width, 90U) << "the data no longer press against the limit";
}

}  // namespace
}  // namespace ub::report
