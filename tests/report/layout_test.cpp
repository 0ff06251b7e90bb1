#include "layout.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "writing.hpp"

namespace ub::report {
namespace {

using testing::ElementsAre;

TEST(Wrap, BreaksAtBlanks) {
  EXPECT_THAT(wrap("one two three", 7), ElementsAre("one two", "three"));
}

TEST(Wrap, KeepsLineFeedsAndDropsFurtherBlanks) {
  EXPECT_THAT(wrap(" one\n  two ", 20), ElementsAre("one", "two"));
}

TEST(Wrap, BreaksALongWordAtItsLastDashThatFits) {
  EXPECT_THAT(wrap("uring-send-zc-fixed", 12), ElementsAre("uring-send-", "zc-fixed"));
}

TEST(Wrap, BreaksALongWordAnywhereIfItMust) {
  EXPECT_THAT(wrap("ab cdefgh", 3), ElementsAre("ab", "cde", "fgh"));
}

TEST(Wrap, NothingIsOneEmptyLine) {
  EXPECT_THAT(wrap("", 5), ElementsAre(""));
}

TEST(Wrap, CountsAndCutsCodePointsNotBytes) {
  EXPECT_EQ(display_width("\u00b5s \u2192"), 4U);
  EXPECT_THAT(wrap("\u00b5\u00b5\u00b5", 2), ElementsAre("\u00b5\u00b5", "\u00b5"));
}

TEST(Wrap, ControlCharactersBecomeBlanks) {
  EXPECT_THAT(wrap("a\x1b[1m\tb\x7f", 20), ElementsAre("a [1m b"));
}

TEST(Paragraph, IndentsFurtherLines) {
  EXPECT_EQ(paragraph(std::string(60, 'a') + " " + std::string(60, 'b'), {.first = 0, .rest = 4}),
            std::string(60, 'a') + "\n    " + std::string(60, 'b') + "\n");
}

Table table_with_remark(const std::string& name, const std::string& remark) {
  return {{{"name", Align::left, 12}, {"first\nvalue"}}, "remark", {{{name, "1"}, remark}}};
}

TEST(Layout, HeadStandsOnItsBottomLine) {
  const auto rendered = render(table_with_remark("x", "short"));
  EXPECT_EQ(rendered.head, "      first\nname  value  remark\n");
  EXPECT_EQ(rendered.body, "x         1  short\n");
}

TEST(Layout, ARemarkWithoutRoomGoesBelow) {
  const auto rendered = render(table_with_remark(std::string(80, 'x'), "a remark with no room"));
  EXPECT_EQ(rendered.body, std::string(80, 'x') + "      1\n    a remark with no room\n");
}

TEST(Layout, ANarrowPlaceTakesTheRemarksThatFit) {
  Table table = table_with_remark(std::string(80, 'x'), "one-copy");
  table.rows.push_back({{"y", "2"}, "zero-copy asked"});
  const std::string blanks(79, ' ');
  EXPECT_EQ(render(table).body, std::string(80, 'x') + "      1  one-copy\ny" + blanks +
                                    "      2\n    zero-copy asked\n");
}

TEST(Layout, ATooWideTableWrapsTheColumnThatMay) {
  const auto rendered = render(table_with_remark(std::string(120, 'x'), ""));
  EXPECT_EQ(rendered.body, std::string(93, 'x') + "      1\n" + std::string(27, 'x') + "\n");
}

TEST(Layout, OneColumnTooManyIsTooMany) {
  const std::string fits(93, 'x');
  EXPECT_EQ(render(table_with_remark(fits, "")).body, fits + "      1\n");
  EXPECT_EQ(render(table_with_remark(fits + "y", "")).body, fits + "      1\ny\n");
}

TEST(LayoutDeathTest, ARowWithAnotherNumberOfCellsIsABug) {
  Table table = table_with_remark("x", "");
  table.rows[0].cells.pop_back();
  EXPECT_DEATH(render(table), "one cell a column");
}

}  // namespace
}  // namespace ub::report
