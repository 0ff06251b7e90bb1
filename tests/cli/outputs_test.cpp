// What a study is written to: one output that breaks costs that output, and nothing else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "program.hpp"
#include "support/scratch.hpp"
#include "uringbench/model/json.hpp"

namespace ub::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> kBrief = {"--mode",     "pthread", "--size",   "4K",
                                         "--duration", "20ms",    "--warmup", "0s"};

std::vector<std::string> brief(const std::vector<std::string>& more) {
  std::vector<std::string> arguments = kBrief;
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::size_t samples_in(const std::filesystem::path& study) {
  std::size_t samples = 0;
  for (const std::string& line : test::lines_of(study / "samples.jsonl")) {
    if (Json::parse(line).at("record") == "sample") ++samples;
  }
  return samples;
}

/// `script`, where $1 is the program and $2 a directory that does not exist yet.
Ended shell(const std::string& script, const std::filesystem::path& study) {
  return Program({"/bin/bash", "-c", script, "bash", URINGBENCH_PROGRAM, study}).wait();
}

const std::string kStudy = "\"$1\" -m pthread -s 4K -d 20ms --warmup 0s --out \"$2\" ";

class BrokenStandardOutput : public testing::TestWithParam<const char*> {};

TEST_P(BrokenStandardOutput, LeavesTheFilesWhole) {
  const test::Scratch scratch;
  const auto study = scratch.path() / "study";
  const Ended ended = shell(kStudy + GetParam() + "; exit \"${PIPESTATUS[0]}\"", study);
  EXPECT_EQ(ended.status, 1) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("standard output: "));
  EXPECT_THAT(text_of(study / "table.txt"), HasSubstr("pthread-two-copy"));
  EXPECT_EQ(test::lines_of(study / "results.csv").size(), 2U);
  EXPECT_TRUE(Json::accept(text_of(study / "thresholds.json")));
}

INSTANTIATE_TEST_SUITE_P(To, BrokenStandardOutput, testing::Values("| true", ">/dev/full"));

TEST(Outputs, AFileThatCannotBeWrittenIsNamedAndTheOthersAreWhole) {
  const test::Scratch scratch;
  const auto study = scratch.path() / "study";
  ASSERT_EQ(uringbench(brief({"--out", study})).status, 0);
  std::filesystem::remove(study / "results.csv");
  std::filesystem::create_directory(study / "results.csv");
  std::ofstream(study / "results.csv" / "in the way") << "x";
  const Ended ended = uringbench({"--resume", study});
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("results.csv"), Not(HasSubstr("table.txt"))));
  EXPECT_THAT(ended.out, HasSubstr("pthread-two-copy"));
  EXPECT_TRUE(Json::accept(text_of(study / "thresholds.json")));
}

TEST(Outputs, ASymbolicLinkIsReplacedAndNotFollowed) {
  const test::Scratch scratch;
  const auto study = scratch.path() / "study";
  ASSERT_EQ(uringbench(brief({"--out", study})).status, 0);
  std::ofstream(scratch.path() / "precious") << "precious";
  std::filesystem::remove(study / "table.txt");
  std::filesystem::create_symlink(scratch.path() / "precious", study / "table.txt");
  EXPECT_EQ(uringbench({"--resume", study}).status, 0);
  EXPECT_EQ(text_of(scratch.path() / "precious"), "precious");
  EXPECT_THAT(text_of(study / "table.txt"), HasSubstr("pthread-two-copy"));
}

TEST(Outputs, ASecondStudyInOneFileIsRefusedAndCompareIsNamed) {
  const test::Scratch scratch;
  for (const char* name : {"a", "b"}) {
    ASSERT_EQ(uringbench(brief({"--out", scratch.path() / name})).status, 0);
  }
  const std::string a = text_of(scratch.path() / "a" / "samples.jsonl");
  const std::string b = text_of(scratch.path() / "b" / "samples.jsonl");
  const auto both = scratch.path() / "both";
  std::filesystem::create_directory(both);
  std::ofstream(both / "samples.jsonl") << a << b;
  const Ended whole = uringbench({"report", both});
  EXPECT_EQ(whole.status, 1);
  EXPECT_THAT(whole.err, AllOf(HasSubstr("two studies"), HasSubstr("uringbench compare")));
  std::ofstream(both / "samples.jsonl") << a << b.substr(b.find("\n{", b.find("\n{") + 1) + 1);
  const Ended samples_only = uringbench({"report", both});
  EXPECT_EQ(samples_only.status, 1);
  EXPECT_THAT(samples_only.err, HasSubstr("the same case and repetition as line 3"));
}

TEST(Outputs, AFileOfAnotherSchemaNamesTheVersionThatWroteIt) {
  const test::Scratch scratch;
  std::ofstream(scratch.path() / "samples.jsonl")
      << R"({"schema":2,"record":"environment","facts":{"program":"uringbench 9.9"}})"
      << "\n";
  const Ended ended = uringbench({"report", scratch.path()});
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("uringbench 9.9"), HasSubstr("schema 2"),
                               Not(HasSubstr("remove that line"))));
}

TEST(Resume, MayAskForMoreRepetitionsAndNotForFewer) {
  const test::Scratch scratch;
  const auto study = scratch.path() / "study";
  ASSERT_NE(uringbench(brief({"--reps", "4", "--out", study})).status, 2);
  const std::size_t before = samples_in(study);
  const Ended fewer = uringbench({"--resume", study, "--reps", "3"});
  EXPECT_EQ(fewer.status, 2);
  EXPECT_THAT(fewer.err, AllOf(HasSubstr("--reps"), HasSubstr("4"), HasSubstr("3")));
  const Ended more = uringbench({"--resume", study, "--reps", "6"});
  EXPECT_NE(more.status, 2) << more.err;
  EXPECT_EQ(samples_in(study), before / 4 * 6);
  const Ended again = uringbench({"--resume", study});
  EXPECT_NE(again.status, 2) << again.err;
  EXPECT_EQ(samples_in(study), before / 4 * 6) << "nothing was left to do";
  const Ended with_options = uringbench(brief({"--resume", study, "--reps", "7"}));
  EXPECT_NE(with_options.status, 2) << with_options.err;
  EXPECT_EQ(samples_in(study), before / 4 * 7);
}

TEST(Resume, OfAProfiledStudyWritesItsStacks) {
  const test::Scratch scratch;
  const auto study = scratch.path() / "study";
  ASSERT_NE(uringbench(brief({"--profile", "--reps", "1", "--out", study})).status, 2);
  if (!std::filesystem::exists(study / "stacks")) GTEST_SKIP() << "this user may not profile";
  std::filesystem::remove_all(study / "stacks");
  EXPECT_NE(uringbench({"--resume", study, "--reps", "2"}).status, 2);
  EXPECT_TRUE(std::filesystem::exists(study / "stacks"));
}

TEST(Outputs, ClosedStandardDescriptorsEndInAStatus) {
  for (const char* command : {"list", "probe", "doctor --quick", "--version", "nonsense"}) {
    const Ended ended = Program({"/bin/bash", "-c", "\"$1\" " + std::string(command) + " >&- 2>&-",
                                 "bash", URINGBENCH_PROGRAM})
                            .wait();
    EXPECT_LT(ended.status, 126) << command;
  }
}

}  // namespace
}  // namespace ub::cli
