// Whole studies on loopback, as a user runs them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "program.hpp"
#include "support/pairs.hpp"
#include "support/scratch.hpp"
#include "uringbench/model/json.hpp"
#include "uringbench/model/mark.hpp"

namespace ub::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

/// Runs a study that must go well; what it prints.
std::string study(std::vector<std::string> arguments) {
  const Ended ended = uringbench(std::move(arguments));
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(split_lines(ended.err), SizeIs(is_release_build() ? 0 : 1)) << ended.err;
  return ended.out;
}

/// What a report prints, which measures nothing and so has nothing to warn of.
std::string reported(std::vector<std::string> arguments) {
  const Ended ended = uringbench(std::move(arguments));
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.err, IsEmpty());
  return ended.out;
}

std::vector<std::string> brief(std::vector<std::string> arguments) {
  for (const char* word : {"--duration", "50ms", "--warmup", "10ms"}) arguments.emplace_back(word);
  return arguments;
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void expect_keys(const Json& json, const std::vector<const char*>& keys) {
  for (const char* key : keys) EXPECT_TRUE(json.contains(key)) << key << " is missing in " << json;
}

/// The names that scripts depend on.
void expect_sample_keys(const Json& sample) {
  expect_keys(sample, {"schema", "record", "status", "reason", "case", "rep", "block", "window_s",
                       "messages", "bytes", "goodput_bps", "message_rate", "latency_ns", "server",
                       "client", "zero_copy", "sends"});
  expect_keys(sample.at("case"),
              {"mode", "engine", "path", "family", "workload", "link", "transport", "size_bytes",
               "clients", "batch", "working_set_bytes", "purpose"});
  for (const char* role : {"server", "client"}) {
    expect_keys(sample.at(role), {"cpu_ns", "user_ns", "system_ns", "counters"});
    for (const Json& counter : sample.at(role).at("counters")) {
      EXPECT_TRUE(counter.contains("unavailable") ||
                  (counter.contains("value") && counter.contains("running")))
          << counter;
    }
  }
  expect_keys(sample.at("sends"), {"operations", "short", "would_block", "errors"});
}

/// 64-byte zero-copy sends may fill the young receive buffer of a connection with their overhead:
/// the window closes for up to 400 ms (`ss -ti` says rwnd_limited), and a short measurement says
/// that it saw nothing.
bool saw_a_closed_window(const Json& sample) {
  return sample.at("case").at("size_bytes") == 64 &&
         sample.at("case").at("family") == "zero-copy" && sample.at("status") == "invalid" &&
         sample.at("reason") == "nothing arrived in the window; choose a longer --duration";
}

TEST(Study, EveryModeOfThisKernelGivesAValidSampleOrSaysWhyNot) {
  const Ended ended = uringbench({"--mode", "all", "--size", "64,4K", "--duration", "100ms",
                                  "--warmup", "20ms", "--format", "jsonl"});
  std::map<std::string, std::set<std::uint64_t>> sizes;
  bool any_invalid = false;
  for (const std::string& line : split_lines(ended.out)) {
    const Json json = Json::parse(line);
    if (json.at("record") != "sample") continue;
    const Json& the_case = json.at("case");
    sizes[the_case.at("mode").get<std::string>()].insert(
        the_case.at("size_bytes").get<std::uint64_t>());
    const auto status = json.at("status").get<std::string>();
    const bool excused = saw_a_closed_window(json) || is_stretched(json);
    any_invalid = any_invalid || excused;
    EXPECT_TRUE(status == "valid" || status == "unavailable" || excused) << line;
    EXPECT_EQ(json.at("reason").is_null(), status == "valid") << line;
  }
  EXPECT_EQ(ended.status, any_invalid ? 1 : 0) << ended.err;
  EXPECT_THAT(sizes, SizeIs(pairs_that_can_exist()));
  for (const auto& [mode, of_mode] : sizes) EXPECT_EQ(of_mode.size(), 2U) << mode;
}

TEST(Study, JsonLinesHaveTheNamesThatScriptsDependOn) {
  const std::string out = study(brief({"--mode", "pthread,uring-send-zc", "--size", "4K,64K,128K",
                                       "--reps", "2", "--format", "jsonl"}));
  const auto lines = split_lines(out);
  ASSERT_THAT(lines, SizeIs(2 + 2 * (2 * 3 + 2))) << "two modes, three sizes, two prices";
  EXPECT_EQ(Json::parse(lines[1]).at("record"), "plan");
  const Json environment = Json::parse(lines[0]);
  expect_keys(environment, {"schema", "record", "seed", "facts"});
  EXPECT_EQ(environment.at("record"), "environment");
  expect_keys(environment.at("facts"),
              {"program", "liburing", "kernel", "cpu_model", "clock_source", "governor",
               "mitigations", "congestion_control", "memlock_limit", "io_uring_features"});
  std::multiset<std::string> purposes;
  for (std::size_t i = 2; i < lines.size(); ++i) {
    const Json sample = Json::parse(lines[i]);
    expect_sample_keys(sample);
    purposes.insert(sample.at("case").at("purpose").get<std::string>());
    const bool zero_copy = sample.at("case").at("family") == "zero-copy";
    EXPECT_EQ(sample.at("zero_copy").is_object(), zero_copy);
    if (zero_copy) {
      expect_keys(sample.at("zero_copy"), {"sends", "real", "copied", "unreported"});
    }
    EXPECT_TRUE(sample.at("latency_ns").is_null()) << "a stream has no requests";
  }
  EXPECT_EQ(purposes.count("harness"), 4U);
}

/// Fields of one row of a CSV (RFC 4180).
std::size_t fields_in(const std::string& row) {
  bool quoted = false;
  std::size_t fields = 1;
  for (const char c : row) {
    if (c == '"') quoted = !quoted;
    if (c == ',' && !quoted) ++fields;
  }
  EXPECT_FALSE(quoted) << row;
  return fields;
}

TEST(Study, CsvHasARowForEverySample) {
  const auto rows = split_lines(
      study(brief({"--mode", "pthread,epoll", "--size", "64", "--reps", "2", "--format", "csv"})));
  ASSERT_THAT(rows, SizeIs(1 + 4));
  EXPECT_THAT(rows[0], HasSubstr("impl,"));
  for (const std::string& row : rows) EXPECT_EQ(fields_in(row), fields_in(rows[0])) << row;
}

TEST(Study, TheTableNamesWhatWasMeasuredAndWhatMeasuringCost) {
  const std::string table = study(brief({"--mode", "pthread,epoll", "--size", "4K"}));
  EXPECT_THAT(table, AllOf(HasSubstr("size 4K, 1 client (ratio to pthread-two-copy)"),
                           HasSubstr("\nepoll-two-copy"), HasSubstr("uringbench 0."),
                           HasSubstr("\nharness cost (null path): pthread "),
                           Not(HasSubstr("pthread-null"))));
  for (const std::string& line : split_lines(table)) EXPECT_LE(line.size(), 100U) << line;
  EXPECT_EQ(table.find("WARNING: ") == 0, !is_release_build()) << table;
}

TEST(Study, TheBaselineMayBeAShortName) {
  EXPECT_THAT(study(brief({"--mode", "pthread,epoll", "--size", "64", "--baseline", "epoll"})),
              HasSubstr("(ratio to epoll-two-copy)"));
}

TEST(Study, EveryByteArrivesInOrder) {
  const std::string out =
      study(brief({"--mode", "uring-bundle,pthread-gather,epoll-sendfile", "--size", "1,3000",
                   "--clients", "3", "--verify", "--format", "csv"}));
  const auto rows = split_lines(out);
  ASSERT_THAT(rows, SizeIs(1 + 2 * 4)) << "three modes, and the first with the others' batch";
  for (std::size_t i = 1; i < rows.size(); ++i) {
    EXPECT_TRUE(rows[i].find(",valid,") != std::string::npos ||
                rows[i].find(",unavailable,") != std::string::npos)
        << rows[i];
  }
}

TEST(Study, OutKeepsTheSamplesAndReportsThemAgain) {
  const test::Scratch scratch;
  const auto directory = scratch.path() / "a" / "study";
  const std::string table =
      study(brief({"--mode", "pthread,uring", "--size", "64,4K", "--out", directory}));
  EXPECT_EQ(text_of(directory / "table.txt"), table);
  EXPECT_EQ(reported({"report", directory}).empty(), false);
  EXPECT_EQ(reported({"report", directory, "--format", "csv"}).size(),
            text_of(directory / "results.csv").size())
      << "the same rows, by case instead of by time";
  EXPECT_EQ(reported({"report", directory, "--format", "jsonl"}),
            text_of(directory / "samples.jsonl"));
}

TEST(Study, AReaderThatIsFullEndsItWithOneSentence) {
  const Ended ended =
      Program({"bash", "-c",
               std::string(URINGBENCH_PROGRAM) +
                   " --mode pthread --size 64 --duration 50ms --format jsonl >/dev/full"})
          .wait();
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.err, HasSubstr("uringbench: standard output: cannot write the results"));
}

TEST(Study, ItsOutputGoesToTheFileThatIsNamed) {
  const test::Scratch scratch;
  const std::filesystem::path file = scratch.path() / "samples";
  const Ended ended = uringbench({"--mode", "pthread", "--size", "64", "--duration", "50ms",
                                  "--format", "jsonl", "--output", file});
  EXPECT_THAT(ended.out, IsEmpty());
  EXPECT_GE(test::lines_of(file).size(), 3U) << "environment, plan, samples";
  EXPECT_THAT(uringbench({"explain", "--mode", "pthread,epoll", "--output", file}).err,
              HasSubstr("--output"));
}

}  // namespace
}  // namespace ub::cli
