// uringbench report: the table again, from samples.jsonl alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "program.hpp"
#include "support/scratch.hpp"

namespace ub::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string report_of(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"report", URINGBENCH_RECORDING});
  const Ended ended = uringbench(std::move(arguments));
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.err, IsEmpty());
  return ended.out;
}

TEST(Report, AFixedRecordingGivesAFixedTable) {
  const std::string table = report_of({});
  EXPECT_THAT(table, AllOf(HasSubstr("uring-bundle"), HasSubstr("client-bound in"),
                           HasSubstr("harness cost (null path): pthread 12.0 ns")));
  EXPECT_EQ(report_of({}), table);
  EXPECT_THAT(report_of({"--baseline", "pthread-gather"}), HasSubstr("(ratio to pthread-gather)"));
}

TEST(Report, ThresholdsAreJsonAlsoWhereNothingCrosses) {
  EXPECT_THAT(report_of({"--format", "thresholds"}),
              AllOf(HasSubstr("\"record\": \"thresholds\""), HasSubstr("\"crossovers\": []")));
}

TEST(Report, AnswersSaySoWhereTheStudyCannotTell) {
  EXPECT_THAT(report_of({"--format", "answers"}),
              AllOf(HasSubstr("1. Why is zero-copy not always best?"),
                    HasSubstr("6. What is the most unexpected result?"),
                    HasSubstr("Cannot be answered from this study")));
}

TEST(Report, ARefinementWithoutACrossingIsSaidOnStandardError) {
  const Ended ended = uringbench({"report", URINGBENCH_RECORDING, "--format", "refine"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.out, IsEmpty());
  EXPECT_THAT(ended.err, HasSubstr("no crossing is shown"));
}

TEST(Report, OfSeveralDirectoriesIsAMatrix) {
  const test::Scratch scratch;
  std::filesystem::copy(URINGBENCH_RECORDING, scratch.path() / "other");
  const std::string other = scratch.path() / "other";
  EXPECT_THAT(report_of({other}), AllOf(HasSubstr("A: golden, "), HasSubstr("B: other, ")));
  EXPECT_THAT(report_of({other, "--format", "json"}), HasSubstr("\"record\": \"matrix\""));
  const Ended refused = uringbench({"report", URINGBENCH_RECORDING, other, "--format", "jsonl"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err, HasSubstr("accepted are text, json, csv and html"));
}

TEST(Report, OldSpellingsAreAliasesOfFormats) {
  EXPECT_EQ(report_of({"--thresholds"}), report_of({"--format", "thresholds"}));
  EXPECT_EQ(report_of({"--answers"}), report_of({"--format", "answers"}));
  EXPECT_EQ(report_of({"--format", "table"}), report_of({}));
  EXPECT_EQ(uringbench({"list", "--json"}).out, uringbench({"list", "--format", "json"}).out);
}

TEST(Report, JsonHoldsTheAnalysis) {
  EXPECT_THAT(report_of({"--format", "json"}),
              AllOf(HasSubstr("\"record\": \"analysis\""), HasSubstr("\"against_baseline\"")));
}

TEST(Report, OutputTakesThePlaceOfAFileAndFollowsNoLink) {
  const test::Scratch scratch;
  const std::filesystem::path file = scratch.path() / "table.txt";
  std::ofstream(file) << "what was there";
  EXPECT_THAT(report_of({"--output", file}), IsEmpty());
  EXPECT_EQ(text_of(file), report_of({}));
  const std::filesystem::path target = scratch.path() / "target";
  std::ofstream(target) << "precious";
  const std::filesystem::path link = scratch.path() / "link";
  std::filesystem::create_symlink(target, link);
  EXPECT_THAT(report_of({"--output", link}), IsEmpty());
  EXPECT_TRUE(std::filesystem::is_regular_file(std::filesystem::symlink_status(link)));
  EXPECT_EQ(text_of(target), "precious");
  const Ended folder = uringbench({"report", URINGBENCH_RECORDING, "--output", scratch.path()});
  EXPECT_EQ(folder.status, 1);
  EXPECT_THAT(folder.err, AllOf(HasSubstr("--output: writing '"), HasSubstr("EISDIR")));
  const Ended nowhere =
      uringbench({"report", URINGBENCH_RECORDING, "--output", scratch.path() / "none" / "file"});
  EXPECT_EQ(nowhere.status, 1);
  EXPECT_THAT(nowhere.err, HasSubstr("--output: writing"));
  EXPECT_EQ(text_of(file), report_of({})) << "a refusal changes nothing";
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& each : std::filesystem::directory_iterator(scratch.path())) {
    ++files;
  }
  EXPECT_EQ(files, 3U) << "nothing temporary is left";
}

TEST(Report, HtmlIsOnePageOrARefusalThatSaysWhatMendsIt) {
  const Ended ended = uringbench({"report", URINGBENCH_RECORDING, "--format", "html"});
  if (ended.status != 0) {
    EXPECT_EQ(ended.status, 2);
    EXPECT_THAT(ended.err, HasSubstr("node-d3"));
    return;
  }
  EXPECT_THAT(ended.out, AllOf(testing::StartsWith("<!doctype html>"),
                               HasSubstr("default-src 'none'"), testing::EndsWith("</html>\n")));
}

TEST(Report, LicencesOfWhatTravelsInside) {
  const Ended both = uringbench({"--version", "--licences"});
  EXPECT_EQ(both.status, 0);
  EXPECT_THAT(both.out, AllOf(testing::StartsWith("uringbench "), HasSubstr("D3")));
  EXPECT_THAT(uringbench({"--licences"}).out, HasSubstr("D3"));
}

TEST(Report, ATornLastLineIsLeftOutAndSaid) {
  const test::Scratch scratch;
  std::ofstream(scratch.path() / "samples.jsonl")
      << text_of(std::filesystem::path(URINGBENCH_RECORDING) / "samples.jsonl") << "{\"schema\":1,";
  const Ended ended = uringbench({"report", scratch.path()});
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.err, HasSubstr("is torn and left out"));
  EXPECT_THAT(ended.out, HasSubstr("uring-bundle"));
}

TEST(Report, AFileThatIsNoRecordingIsRefusedWithItsLine) {
  const test::Scratch scratch;
  std::ofstream(scratch.path() / "samples.jsonl") << "not JSON\n";
  const Ended ended = uringbench({"report", scratch.path()});
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.out, IsEmpty());
  EXPECT_THAT(split_lines(ended.err), testing::ElementsAre(HasSubstr("samples.jsonl line 1: ")));
}

}  // namespace
}  // namespace ub::cli
