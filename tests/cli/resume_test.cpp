// Studies that were broken off and go on: as a user, a power cut or a full disk breaks them off.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <random>
#include <set>

#include "program.hpp"
#include "support/processes.hpp"
#include "support/scratch.hpp"
#include "uringbench/model/json.hpp"

namespace ub::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::vector<std::string> kSmallStudy = {
    "--mode", "pthread,epoll", "--size", "64,4K",    "--reps",
    "6",      "--duration",    "20ms",   "--warmup", "0s"};
/// Two modes and two sizes, two prices, two noise arms, two sentinels a block.
constexpr std::size_t kSamples = 6 * (4 + 2 + 2 + 2);

std::vector<std::string> with(std::vector<std::string> arguments,
                              const std::vector<std::string>& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

std::filesystem::path samples_file(const test::Scratch& scratch) {
  return scratch.path() / "study" / "samples.jsonl";
}

std::vector<std::string> begin(const test::Scratch& scratch) {
  return with(kSmallStudy, {"--out", scratch.path() / "study"});
}

std::vector<std::string> resume(const test::Scratch& scratch) {
  return {"--resume", scratch.path() / "study"};
}

/// The samples in the file, each once. Lines that are torn or samples that are doubled fail.
std::size_t distinct_samples(const std::filesystem::path& file) {
  std::set<std::string> seen;
  for (const std::string& line : test::lines_of(file)) {
    if (!Json::accept(line)) continue;  // the last one may be torn until the study goes on
    const Json json = Json::parse(line);
    if (json.at("record") != "sample") continue;
    const std::string key = json.at("case").dump() + json.at("rep").dump();
    EXPECT_TRUE(seen.insert(key).second) << "doubled: " << key;
  }
  return seen.size();
}

/// A sample of 20 ms may see nothing arrive on a busy machine, and is invalid then: the study ran
/// to its end all the same, with status 1.
bool ran_to_its_end(const Ended& ended) {
  return ended.status == 0 || ended.status == 1;
}

void expect_whole(const std::filesystem::path& file) {
  for (const std::string& line : test::lines_of(file)) EXPECT_TRUE(Json::accept(line)) << line;
  EXPECT_EQ(distinct_samples(file), kSamples);
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// A study that stopped after some samples.
void break_off(const test::Scratch& scratch) {
  Program program(command_line(begin(scratch)));
  ASSERT_TRUE(test::eventually([&] { return distinct_samples(samples_file(scratch)) >= 5; }));
  program.signal(SIGINT);
  const Ended ended = program.wait();
  ASSERT_EQ(ended.status, 130);
  EXPECT_THAT(ended.err, HasSubstr("--resume"));
}

TEST(Resume, AfterTwentyKillsNoSampleIsLostDoubledOrTorn) {
  const test::Scratch scratch;
  const auto file = samples_file(scratch);
  std::mt19937 random(4711);  // NOLINT: the moments are random, but the same each time
  std::size_t before = 0;
  std::vector<std::string> arguments = begin(scratch);
  for (int kill = 0; kill < 20; ++kill) {
    Program program(command_line(arguments));
    ASSERT_TRUE(test::eventually([&] { return test::lines_of(file).size() >= 2; }));
    ::poll(nullptr, 0, static_cast<int>(random() % 250));
    program.signal(SIGKILL);
    (void)program.wait();
    const std::size_t now = distinct_samples(file);
    EXPECT_GE(now, before) << "lost after kill " << kill;
    before = now;
    arguments = resume(scratch);
  }
  EXPECT_LT(before, kSamples) << "every kill came too late to mean anything";
  const Ended ended = uringbench(resume(scratch));
  EXPECT_TRUE(ran_to_its_end(ended)) << ended.err;
  expect_whole(file);
}

TEST(Resume, ATornLastLineIsRemovedWithANote) {
  const test::Scratch scratch;
  break_off(scratch);
  std::ofstream(samples_file(scratch), std::ios::app) << "{\"record\":\"sample\",\"sta";
  const Ended ended = uringbench(resume(scratch));
  EXPECT_TRUE(ran_to_its_end(ended)) << ended.err;
  EXPECT_THAT(ended.err, AllOf(HasSubstr("is torn"), HasSubstr("the torn line was removed")));
  expect_whole(samples_file(scratch));
}

TEST(Resume, ALastLineThatLacksOnlyItsEndIsKept) {
  const test::Scratch scratch;
  break_off(scratch);
  const auto file = samples_file(scratch);
  const std::size_t before = distinct_samples(file);
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1);
  const Ended ended = uringbench(resume(scratch));
  EXPECT_TRUE(ran_to_its_end(ended)) << ended.err;
  EXPECT_THAT(ended.err, Not(HasSubstr("torn")));
  EXPECT_GE(before, 5U);
  expect_whole(file);
}

TEST(Resume, TheFilesAreThoseOfTheWholeStudy) {
  const test::Scratch scratch;
  break_off(scratch);
  const Ended ended = uringbench(resume(scratch));
  ASSERT_TRUE(ran_to_its_end(ended)) << ended.err;
  EXPECT_EQ(text_of(scratch.path() / "study" / "table.txt"), ended.out);
  EXPECT_EQ(test::lines_of(scratch.path() / "study" / "results.csv").size(), 1U + 6 * 4);
  const Ended again = uringbench(resume(scratch));
  EXPECT_EQ(again.status, ended.status) << "there is nothing left to do";
  EXPECT_EQ(again.out, ended.out);
}

TEST(Resume, TheSameOptionsMayBeRepeatedAndOthersAreRefused) {
  const test::Scratch scratch;
  break_off(scratch);
  const std::string before = text_of(samples_file(scratch));
  const Ended other = uringbench(with(resume(scratch), {"--mode", "pthread", "--size", "64"}));
  EXPECT_EQ(other.status, 2);
  EXPECT_THAT(other.err, HasSubstr("--resume: the options name another study"));
  std::vector<std::string> fewer = kSmallStudy;
  fewer[5] = "5";
  const Ended shorter = uringbench(with(resume(scratch), fewer));
  EXPECT_EQ(shorter.status, 2);
  EXPECT_EQ(uringbench(with(resume(scratch), {"--out", "elsewhere"})).status, 2);
  EXPECT_EQ(text_of(samples_file(scratch)), before) << "a refusal changes nothing";
  EXPECT_TRUE(ran_to_its_end(uringbench(with(resume(scratch), kSmallStudy))));
  expect_whole(samples_file(scratch));
}

/// Puts `text` in the place of the value of a fact in the first line.
void change_fact(const std::filesystem::path& file, const std::string& name) {
  auto lines = test::lines_of(file);
  Json environment = Json::parse(lines.at(0));
  environment.at("facts").at(name) = "something else";
  lines[0] = environment.dump();
  std::ofstream out(file);
  for (const std::string& line : lines) out << line << '\n';
}

TEST(Resume, AMachineThatChangedIsRefusedWithWhatDiffers) {
  const test::Scratch scratch;
  break_off(scratch);
  change_fact(samples_file(scratch), "load_average");
  change_fact(samples_file(scratch), "kernel");
  const Ended ended = uringbench(resume(scratch));
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("kernel was 'something else' and is 'Linux"),
                               Not(HasSubstr("load_average"))));
}

TEST(Resume, SamplesThatAreNotThoseOfThePlanAreRefused) {
  const test::Scratch scratch;
  break_off(scratch);
  auto lines = test::lines_of(samples_file(scratch));
  std::swap(lines[2], lines[3]);
  std::ofstream out(samples_file(scratch));
  for (const std::string& line : lines) out << line << '\n';
  out.close();
  const Ended ended = uringbench(resume(scratch));
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.err, HasSubstr("samples.jsonl was changed: sample 1 is "));
}

TEST(Resume, WhatIsNoStudyIsRefused) {
  const test::Scratch scratch;
  const Ended ended = uringbench(resume(scratch));
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.err, HasSubstr("--resume: "));
}

TEST(Resume, TwoAtOnceAreOneTooMany) {
  const test::Scratch scratch;
  Program first(command_line(begin(scratch)));
  ASSERT_TRUE(test::eventually([&] { return test::lines_of(samples_file(scratch)).size() >= 3; }));
  const Ended second = uringbench(resume(scratch));
  EXPECT_EQ(second.status, 2);
  EXPECT_THAT(second.err, HasSubstr("is being written by another uringbench"));
  EXPECT_TRUE(ran_to_its_end(first.wait()));
  expect_whole(samples_file(scratch));
}

TEST(Resume, AfterAFullDiskItGoesOn) {
  const test::Scratch scratch;
  Surroundings full;
  full.file_bytes = 100'000;
  const Ended ended = uringbench(begin(scratch), full);
  EXPECT_NE(ended.status, 0);
  const std::size_t kept = distinct_samples(samples_file(scratch));
  EXPECT_GT(kept, 0U);
  EXPECT_LT(kept, kSamples);
  EXPECT_TRUE(ran_to_its_end(uringbench(resume(scratch))));
  expect_whole(samples_file(scratch));
}

TEST(UntilCi, AWideIntervalIsReachedAtEightBlocksAndANarrowOneNever) {
  const std::vector<std::string> arguments = {
      "--mode", "pthread,epoll", "--size", "64",       "--duration",
      "20ms",   "--warmup",      "0s",     "--format", "csv"};
  const Ended wide = uringbench(with(arguments, {"--until-ci", "100%", "--max-reps", "30"}));
  EXPECT_TRUE(ran_to_its_end(wide)) << wide.err;
  EXPECT_LT(split_lines(wide.out).size(), 1U + 2 * 30);
  EXPECT_GE(split_lines(wide.out).size(), 1U + 2 * 8);
  const Ended narrow = uringbench(with(arguments, {"--until-ci", "0.1%", "--max-reps", "9"}));
  EXPECT_TRUE(ran_to_its_end(narrow)) << narrow.err;
  EXPECT_EQ(split_lines(narrow.out).size(), 1U + 2 * 9) << "the cap";
}

TEST(PlanFile, HoldsOptionsByTheirLongNames) {
  const test::Scratch scratch;
  const std::string file = scratch.path() / "plan.ini";
  std::ofstream(file) << "# two modes\nmode = pthread,epoll\nsize = 64,4K\nduration = 20ms\n"
                         "warmup = 0s\nreps = 2\n";
  const Ended ended = uringbench({"--plan", file, "--format", "csv"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(split_lines(ended.out).size(), 1U + 2 * 2 * 2);
  const Ended fewer =
      uringbench({"--plan", file, "--reps", "1", "--size", "64", "--format", "csv"});
  EXPECT_EQ(split_lines(fewer.out).size(), 1U + 2) << "the command line goes first";
}

TEST(PlanFile, WhatIsNoOptionIsRefused) {
  const test::Scratch scratch;
  const std::string file = scratch.path() / "plan.ini";
  std::ofstream(file) << "sise = 64\n";
  const Ended unknown = uringbench({"--plan", file});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_THAT(unknown.err, HasSubstr("sise"));
  const Ended missing = uringbench({"--plan", scratch.path() / "none.ini"});
  EXPECT_EQ(missing.status, 2);
  EXPECT_THAT(missing.err, HasSubstr("none.ini"));
}

TEST(DoctorCommand, SaysEveryCheckAndItsJsonParses) {
  const Ended table = uringbench({"doctor", "--quick"});
  EXPECT_EQ(table.status, 0) << table.err;
  EXPECT_THAT(table.out, AllOf(HasSubstr("governor"), Not(HasSubstr("\x1b["))));
  const Ended json = uringbench({"doctor", "--quick", "--format", "jsonl"});
  std::set<std::string> names;
  for (const std::string& line : split_lines(json.out)) {
    names.insert(Json::parse(line).at("name").get<std::string>());
  }
  EXPECT_EQ(names.size(), 18U);
  EXPECT_EQ(uringbench({"doctor", "--format", "xml"}).status, 2);
}

TEST(DoctorCommand, MeasuresTheNoise) {
  const Ended ended = uringbench({"doctor", "--format", "jsonl"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  const Json last = Json::parse(split_lines(ended.out).back());
  EXPECT_EQ(last.at("name"), "noise");
  EXPECT_THAT(last.at("found").get<std::string>(), HasSubstr("% in a block"));
}

}  // namespace
}  // namespace ub::cli
