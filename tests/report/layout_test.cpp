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
  EXPECT_EQ(
      paragraph(std::string(60, 'a') + " " + std::string(60, 'b'), {.first = 0, .rest = 4}).text(),
      std::string(60, 'a') + "\n    " + std::string(60, 'b') + "\n");
}

Table table_with_remark(const std::string& name, const std::string& remark) {
  return {{{"name", Align::left, 12}, {"first\nvalue"}}, "remark", {{{name, "1"}, remark}}};
}

TEST(Layout, HeadStandsOnItsBottomLine) {
  const auto rendered = render(table_with_remark("x", "short"), kFileColumns);
  EXPECT_EQ(rendered.head, "      first\nname  value  remark\n");
  EXPECT_EQ(rendered.body, "x         1  short\n");
}

TEST(Layout, ARemarkWithoutRoomGoesBelow) {
  const auto rendered =
      render(table_with_remark(std::string(80, 'x'), "a remark with no room"), kFileColumns);
  EXPECT_EQ(rendered.body, std::string(80, 'x') + "      1\n    a remark with no room\n");
}

TEST(Layout, ANarrowPlaceTakesTheRemarksThatFit) {
  Table table = table_with_remark(std::string(80, 'x'), "one-copy");
  table.rows.push_back({{"y", "2"}, "zero-copy asked"});
  const std::string blanks(79, ' ');
  EXPECT_EQ(render(table, kFileColumns).body, std::string(80, 'x') + "      1  one-copy\ny" +
                                                  blanks + "      2\n    zero-copy asked\n");
}

TEST(Layout, ATooWideTableWrapsTheColumnThatMay) {
  const auto rendered = render(table_with_remark(std::string(120, 'x'), ""), kFileColumns);
  EXPECT_EQ(rendered.body, std::string(93, 'x') + "      1\n" + std::string(27, 'x') + "\n");
}

TEST(Layout, OneColumnTooManyIsTooMany) {
  const std::string fits(93, 'x');
  EXPECT_EQ(render(table_with_remark(fits, ""), kFileColumns).body, fits + "      1\n");
  EXPECT_EQ(render(table_with_remark(fits + "y", ""), kFileColumns).body, fits + "      1\ny\n");
}

Table table_with_spares() {
  return {{{.head = "name", .align = Align::left, .least = 12},
           {.head = "first\nvalue", .spare = 1},
           {.head = "second\nvalue", .spare = 2}},
          "",
          {{{std::string(20, 'x'), "1", "2"}, ""}}};
}

TEST(Layout, ColumnsThatMayGoAreLeftOutAndNamed) {
  EXPECT_EQ(render(table_with_spares(), 34).head,
            "                     first  second\nname                 value   value\n");
  const auto narrow = render(table_with_spares(), 20);
  EXPECT_EQ(narrow.head, "               first\nname           value\n");
  EXPECT_EQ(narrow.body,
            "xxxxxxxxxxxxx      1\nxxxxxxx\nleft out for want of\nroom: second value\n");
}

TEST(Paragraph, IsAsWideAsItIsToldWhenItIsWritten) {
  const Page page = paragraph("one two three four") + "as it stands, however long it is\n";
  EXPECT_EQ(page.text({.columns = 9}), "one two\nthree\nfour\nas it stands, however long it is\n");
  EXPECT_EQ(page.text(), "one two three four\nas it stands, however long it is\n");
}

TEST(LayoutDeathTest, ARowWithAnotherNumberOfCellsIsABug) {
  Table table = table_with_remark("x", "");
  table.rows[0].cells.pop_back();
  EXPECT_DEATH(render(table, kFileColumns), "one cell a column");
}

}  // namespace
}  // namespace ub::report
