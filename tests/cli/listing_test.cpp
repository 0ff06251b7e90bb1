// What measures nothing: list, probe, --help, --version, completion.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "program.hpp"
#include "support/scratch.hpp"
#include "uringbench/model/json.hpp"
#include "uringbench/path/registry.hpp"

namespace ub::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// Standard output of a run that must go well.
std::string output_of(const std::vector<std::string>& arguments,
                      const Surroundings& surroundings = {}) {
  const Ended ended = uringbench(arguments, surroundings);
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.err, IsEmpty());
  return ended.out;
}

Surroundings without_io_uring() {
  Surroundings surroundings;
  surroundings.refused_calls = {"io_uring_setup"};
  return surroundings;
}

TEST(Help, FitsAHundredColumns) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--help"},
                                                    {"run", "--help"},
                                                    {"report", "--help"},
                                                    {"list", "--help"},
                                                    {"probe", "--help"},
                                                    {"completion", "--help"}}) {
    for (const std::string& line : split_lines(output_of(arguments))) {
      EXPECT_LE(line.size(), 100U) << line;
    }
  }
}

TEST(Help, NamesEveryOptionAndCommand) {
  const std::string help = output_of({"--help"});
  for (const char* word : {"--mode",
                           "--size",
                           "--clients",
                           "--workload",
                           "--reps",
                           "--duration",
                           "--warmup",
                           "--out",
                           "--format",
                           "--batch",
                           "--fields",
                           "--working-set",
                           "--verify",
                           "--nodelay",
                           "--congestion",
                           "--send-buffer",
                           "--receive-buffer",
                           "--client-lowat",
                           "--server-cpus",
                           "--client-cpus",
                           "--seed",
                           "--baseline",
                           "  run ",
                           "  list ",
                           "  probe ",
                           "  report ",
                           "  completion ",
                           "Exit status",
                           "--request-size",
                           "--depth",
                           "--rate",
                           "--gaps",
                           "--histogram",
                           "--recv",
                           "--wait",
                           "--client-wait",
                           "--reactors",
                           "--huge-pages",
                           "--ring",
                           "--poll-first",
                           "--min-wait",
                           "--napi-busy-poll",
                           "--cq-entries",
                           "--registered-files",
                           "--registered-ring-fd",
                           "--transport",
                           "--link",
                           "--resume",
                           "--plan",
                           "--until-ci",
                           "--counters",
                           "--profile",
                           "  explain ",
                           "  ablate ",
                           "  doctor ",
                           "  compare ",
                           "  selftest "}) {
    EXPECT_THAT(help, HasSubstr(word));
  }
  EXPECT_THAT(help, testing::Not(HasSubstr("\n  role "))) << "not for people";
  EXPECT_EQ(output_of({"run", "--help"}), help) << "run is the default";
}

TEST(Version, NamesTheProgramAndTheBuild) {
  EXPECT_THAT(output_of({"--version"}),
              testing::MatchesRegex("uringbench [0-9.]+ \\([A-Za-z]+\\)\n"));
}

TEST(List, ShowsEveryModeAndWhatItCopies) {
  const std::string table = output_of({"list"});
  for (const char* mode :
       {"pthread-two-copy", "epoll-gather", "uring-send-zc-fixed", "uring-null"}) {
    EXPECT_THAT(table, HasSubstr(mode));
  }
  const Json modes = Json::parse(output_of({"list", "--json"})).at("modes");
  EXPECT_THAT(modes, SizeIs(3 * path::registry().size())) << "every engine with every path";
  for (const Json& mode : modes) {
    const bool here = mode.at("available").get<bool>();
    EXPECT_EQ(mode.at("unavailable_reason").is_null(), here) << mode;
  }
}

TEST(List, SaysWhyIoUringCannotBeHad) {
  const Json modes = Json::parse(output_of({"list", "--json"}, without_io_uring())).at("modes");
  std::size_t forbidden = 0;
  for (const Json& mode : modes) {
    if (!mode.at("mode").get<std::string>().starts_with("uring-")) continue;
    EXPECT_THAT(mode.at("unavailable_reason").get<std::string>(),
                AllOf(HasSubstr("EPERM"), HasSubstr("seccomp")));
    ++forbidden;
  }
  EXPECT_EQ(forbidden, path::registry().size());
}

TEST(Probe, SaysOfEachFeatureHowItWasFoundOut) {
  const Json features = Json::parse(output_of({"probe", "--json"})).at("features");
  EXPECT_GT(features.size(), 20U);
  for (const Json& feature : features) {
    EXPECT_FALSE(feature.at("name").get<std::string>().empty());
    EXPECT_FALSE(feature.at("how_probed").get<std::string>().empty());
    EXPECT_THAT((std::vector<std::string>{"yes", "no", "unknown"}),
                testing::Contains(feature.at("supported").get<std::string>()));
  }
  EXPECT_THAT(output_of({"probe"}), HasSubstr("IORING_OP_SEND_ZC"));
}

TEST(Probe, EverythingOfIoUringIsMissingWhereItIsForbidden) {
  const Json features =
      Json::parse(output_of({"probe", "--json"}, without_io_uring())).at("features");
  for (const Json& feature : features) {
    const auto name = feature.at("name").get<std::string>();
    if (name.starts_with("counter ") || name.starts_with("sampler ")) continue;
    EXPECT_EQ(feature.at("supported"), "no") << name;
  }
}

/// What bash would offer for the last of `words`.
std::vector<std::string> completions(const std::string& words) {
  const test::Scratch scratch;
  const auto script = scratch.path() / "uringbench";
  std::ofstream(script) << output_of({"completion"});
  const std::string ask = "source " + script.string() + "; COMP_WORDS=(" + words +
                          "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); " +
                          "complete -p uringbench > /dev/null && _uringbench; "
                          "for each in \"${COMPREPLY[@]}\"; do echo \"$each\"; done";
  const Ended ended = Program({"bash", "--norc", "-c", ask}).wait();
  EXPECT_THAT(ended.err, IsEmpty());
  return split_lines(ended.out);
}

TEST(Completion, IsSoundBash) {
  const test::Scratch scratch;
  const auto script = scratch.path() / "uringbench";
  std::ofstream(script) << output_of({"completion"});
  const Ended ended = Program({"bash", "-n", script}).wait();
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.err, IsEmpty());
}

TEST(Completion, OffersOptionsModesAndValues) {
  using testing::Contains;
  using testing::ElementsAre;
  EXPECT_THAT(completions("uringbench --work"), ElementsAre("--workload", "--working-set"));
  EXPECT_THAT(completions("uringbench pr"), ElementsAre("probe"));
  EXPECT_THAT(completions("uringbench --mode uring-b"), ElementsAre("uring-bundle"));
  EXPECT_THAT(completions("uringbench -m uring-fixed,pthread-g"),
              ElementsAre("uring-fixed,pthread-gather"));
  EXPECT_THAT(completions("uringbench --mode = epoll-n"), ElementsAre("epoll-null"));
  EXPECT_THAT(completions("uringbench --mode ''"), AllOf(Contains("all"), Contains("default")));
  EXPECT_THAT(completions("uringbench --format ''"),
              AllOf(Contains("text"), Contains("json"), Contains("csv")));
  EXPECT_THAT(completions("uringbench list --fo"), ElementsAre("--format"));
  EXPECT_THAT(completions("uringbench --out /de"), ElementsAre("/dev"));
  EXPECT_THAT(completions("uringbench --mode pthread-bu"), IsEmpty()) << "cannot exist";
}

}  // namespace
}  // namespace ub::cli
