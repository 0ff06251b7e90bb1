// uringbench explain and --profile, as a user runs them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "program.hpp"
#include "support/scratch.hpp"
#include "uringbench/model/json.hpp"

namespace ub::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Le;
using testing::SizeIs;

std::vector<std::string> brief(std::vector<std::string> arguments) {
  for (const char* word : {"--size", "4K", "--duration", "100ms", "--warmup", "20ms"}) {
    arguments.emplace_back(word);
  }
  return arguments;
}

std::vector<Json> samples_in(const std::filesystem::path& directory) {
  std::ifstream file(directory / "samples.jsonl");
  std::vector<Json> samples;
  for (std::string line; std::getline(file, line);) {
    Json record = Json::parse(line);
    if (record.at("record") == "sample") samples.push_back(std::move(record));
  }
  return samples;
}

TEST(Explain, SetsTwoModesSideBySide) {
  const Ended ended =
      uringbench(brief({"explain", "--mode", "pthread-two-copy,pthread-gather", "--reps", "2"}));
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("A: pthread-two-copy"), HasSubstr("B: pthread-gather"),
                               HasSubstr("message rate x"), HasSubstr("sampler, A:"),
                               HasSubstr("copies a payload byte")));
  for (const std::string& line : split_lines(ended.out)) EXPECT_THAT(line, SizeIs(Le(100U)));
}

TEST(Explain, KeepsItsSamplesAndStacks) {
  const test::Scratch scratch;
  const std::filesystem::path out = scratch.path() / "why";
  const Ended ended = uringbench(
      brief({"explain", "--mode", "pthread,epoll", "--reps", "1", "--out", out.string()}));
  EXPECT_EQ(ended.status, 0) << ended.err;
  const auto samples = samples_in(out);
  ASSERT_EQ(samples.size(), 4U);
  std::size_t profiled = 0;
  for (const Json& sample : samples) {
    const bool is_profile = sample.at("case").at("purpose") == "profile";
    EXPECT_EQ(sample.at("server").contains("profile"), is_profile);
    if (is_profile && !sample.at("server").at("profile").contains("unavailable")) ++profiled;
  }
  if (profiled == 0) GTEST_SKIP() << "sampling is not to be had here";
  EXPECT_TRUE(std::filesystem::exists(out / "stacks"));
}

TEST(Profile, FeedsNoTable) {
  const std::vector<std::string> plain = brief({"--mode", "pthread", "--format", "csv"});
  std::vector<std::string> profiled = plain;
  profiled.emplace_back("--profile");
  const Ended ended = uringbench(profiled);
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(split_lines(ended.out), SizeIs(2)) << "the head and one sample";
}

TEST(Profile, WithoutPrivilegesGivesReasonsAndNoZeros) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  // That user may not be able to reach the build folder.
  const test::Scratch scratch;
  ASSERT_EQ(::chmod(scratch.path().c_str(), 0755), 0);
  const auto program = scratch.path() / "uringbench";
  std::filesystem::copy_file(URINGBENCH_PROGRAM, program);
  Surroundings surroundings;
  surroundings.user = 65534;
  surroundings.directory = "/";
  std::vector<std::string> command =
      brief({program, "--mode", "pthread", "--profile-cpus", "--format", "jsonl"});
  const Ended ended = Program(command, surroundings).wait();
  EXPECT_EQ(ended.status, 0) << ended.err;
  std::size_t seen = 0;
  for (const std::string& line : split_lines(ended.out)) {
    const Json record = Json::parse(line);
    if (record.at("record") != "sample" || record.at("case").at("purpose") != "profile") continue;
    const Json& profile = record.at("server").at("profile");
    ++seen;
    ASSERT_TRUE(profile.contains("unavailable")) << profile;
    EXPECT_THAT(profile.at("unavailable").get<std::string>(), HasSubstr("perf_event_paranoid"));
  }
  EXPECT_EQ(seen, 1U);
}

}  // namespace
}  // namespace ub::cli
