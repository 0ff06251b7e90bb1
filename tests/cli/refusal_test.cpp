// What a user types wrong: one sentence, exit status 2, nothing on standard output, nothing
// started.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "program.hpp"
#include "support/scratch.hpp"

namespace ub::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

struct Refusal {
  const char* name;
  std::vector<std::string> arguments;
  std::vector<std::string> named;  ///< option, value, what would be accepted
};

/// Starting a process fails here, so a refusal that came too late would show as another sentence
/// and another status.
Surroundings where_nothing_can_start() {
  Surroundings surroundings;
  surroundings.refused_calls = {"clone", "clone3", "fork", "vfork"};
  return surroundings;
}

void expect_refused(const Ended& ended, const std::vector<std::string>& named) {
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.out, IsEmpty());
  const auto lines = split_lines(ended.err);
  ASSERT_EQ(lines.size(), 1U) << ended.err;
  EXPECT_THAT(lines[0], StartsWith("uringbench: "));
  for (const std::string& word : named) EXPECT_THAT(lines[0], HasSubstr(word));
}

class BadInput : public testing::TestWithParam<Refusal> {};

TEST_P(BadInput, IsRefusedInOneSentence) {
  expect_refused(uringbench(GetParam().arguments, where_nothing_can_start()), GetParam().named);
}

const std::vector<Refusal> kRefusals = {
    {"UnknownMode", {"--mode", "nosuch"}, {"--mode", "'nosuch'", "uringbench list", "classic"}},
    {"EmptyOut", {"--out", ""}, {"--out", "empty"}},
    {"EmptyFormat", {"--format", ""}, {"--format", "empty"}},
    {"EmptyReps", {"--reps", ""}, {"--reps", "empty"}},
    {"EmptyCpus", {"--server-cpus", ""}, {"--server-cpus", "''"}},
    {"NothingAfterTheEqualsSign", {"--size="}, {"--size", "empty"}},
    {"EmptyMode", {"--mode", ""}, {"--mode", "''", "uringbench list"}},
    {"GlobForNothing", {"--mode", "zz*"}, {"--mode", "'zz*'", "uringbench list"}},
    {"PairThatCannotExist", {"--mode", "pthread-bundle"}, {"--mode", "'pthread-bundle'", "ring"}},
    {"ModeNoneOfSeveral", {"--mode", "pthread,nosuch"}, {"--mode", "'nosuch'"}},
    {"ModeWithALineFeed", {"--mode", "a\nb"}, {"--mode", "'a b'"}},
    {"SizeZero", {"--size", "0"}, {"--size", "'0'", "1 to 16M"}},
    {"SizeAboveTheLimit", {"--size", "16777217"}, {"--size", "'16777217'", "1 to 16M"}},
    {"SizeThatIsNone", {"--size", "64x"}, {"--size", "'64x'", "4K"}},
    {"SizeNegative", {"--size", "-1"}, {"--size", "'-1'", "4K"}},
    {"SizeHuge", {"--size", "99999999999999999999"}, {"--size", "'99999999999999999999'", "4K"}},
    {"SizeTwice", {"--size", "64,64"}, {"--size", "'64'", "once"}},
    {"ClientsZero", {"--clients", "0"}, {"--clients", "'0'", "1 to 10000"}},
    {"ClientsAboveTheLimit", {"--clients", "10001"}, {"--clients", "'10001'", "10000"}},
    {"ClientsHuge", {"--clients", "5000000000"}, {"--clients", "'5000000000'", "10000"}},
    {"ClientsNoNumber", {"--clients", "two"}, {"--clients", "'two'", "whole number", "10000"}},
    {"DurationNoTime", {"--duration", "abc"}, {"--duration", "'abc'", "200ms"}},
    {"DurationWithoutUnit", {"--duration", "5"}, {"--duration", "'5'", "2s"}},
    {"DurationNegative", {"--duration", "-5s"}, {"--duration", "'-5s'", "2s"}},
    {"DurationNotANumber", {"--duration", "nans"}, {"--duration", "'nans'", "2s"}},
    {"DurationTooShort", {"--duration", "1ms"}, {"--duration", "'1ms'", "10ms to 3600s"}},
    {"DurationTooLong", {"--duration", "3601s"}, {"--duration", "'3601s'", "10ms to 3600s"}},
    {"WarmupWithoutUnit", {"--warmup", "1"}, {"--warmup", "'1'", "200ms"}},
    {"RepsZero", {"--reps", "0"}, {"--reps", "'0'", "1 to 10000"}},
    {"BatchZero", {"--batch", "0"}, {"--batch", "'0'", "1 to 1024"}},
    {"BatchOfSizesTooLarge",
     {"--batch", "1024", "--size", "16M"},
     {"--batch 1024", "--size 16M", "256M", "16"}},
    {"FieldsAboveTheLimit", {"--fields", "65"}, {"--fields", "'65'", "64"}},
    {"WorkingSetZero", {"--working-set", "0"}, {"--working-set", "'0'", "1 to 64G"}},
    {"UnknownWorkload", {"--workload", "x"}, {"--workload", "'x'", "stream, rr, upload, echo"}},
    {"RequestSizeOfAStream",
     {"--request-size", "64"},
     {"--request-size", "stream", "--workload rr"}},
    {"RequestSizeOfAnEcho",
     {"--workload", "echo", "--request-size", "64"},
     {"--request-size", "echo", "--workload rr"}},
    {"DepthZero", {"--workload", "rr", "--depth", "0"}, {"--depth", "'0'", "1 to 1024"}},
    {"DepthTwice", {"--workload", "rr", "--depth", "1,1"}, {"--depth", "'1'", "once"}},
    {"RateZero", {"--workload", "rr", "--rate", "0"}, {"--rate", "'0'", "requests a second"}},
    {"RateOfAStream", {"--rate", "100"}, {"--rate", "stream", "rr or echo"}},
    {"RateOfConnections",
     {"--workload", "crr", "--rate", "100"},
     {"--rate", "crr", "one request a connection", "rr or echo"}},
    {"DepthOfConnections", {"--workload", "crr", "--depth", "2"}, {"--depth", "crr", "rr or echo"}},
    {"AcceptOfRequests", {"--workload", "rr", "--accept", "single"}, {"--accept", "rr", "crr"}},
    {"AcceptOfThreads",
     {"--workload", "crr", "--mode", "pthread", "--accept", "single"},
     {"--accept", "epoll or uring"}},
    {"UnknownAccept",
     {"--workload", "crr", "--accept", "x"},
     {"--accept", "'x'", "single or multi"}},
    {"GapsOfAClosedLoop",
     {"--workload", "rr", "--gaps", "poisson"},
     {"--gaps", "closed loop", "--rate"}},
    {"UnknownReceive", {"--workload", "rr", "--recv", "x"}, {"--recv", "'x'", "multishot"}},
    {"ReceiveOfAStream", {"--recv", "single"}, {"--recv", "stream", "upload"}},
    {"UnknownWait", {"--wait", "x"}, {"--wait", "'x'", "block or spin"}},
    {"UnknownRing", {"--ring", "x"}, {"--ring", "'x'", "sqpoll"}},
    {"UnknownTransport", {"--transport", "x"}, {"--transport", "'x'", "tcp6"}},
    {"ReactorsZero", {"--reactors", "0"}, {"--reactors", "'0'", "1 to 256"}},
    {"CqEntriesTooFew", {"--cq-entries", "1"}, {"--cq-entries", "'1'", "64 to 65536"}},
    {"MinWaitOfNanoseconds", {"--min-wait", "10ns"}, {"--min-wait", "'10ns'", "microseconds"}},
    {"BatchOfResponses",
     {"--workload", "rr", "--batch", "2", "--mode", "uring"},
     {"--batch 2", "one an operation", "may be 1"}},
    {"UploadByASendingPath",
     {"--workload", "upload", "--mode", "uring-gather"},
     {"uring-gather", "upload", "name the engine alone"}},
    {"MinWaitOfASpinningRing",
     {"--mode", "uring", "--wait", "spin", "--min-wait", "10us"},
     {"--min-wait", "--wait spin", "gathers nothing"}},
    {"NodelayNeither", {"--nodelay", "yes"}, {"--nodelay", "'yes'", "on or off"}},
    {"UnknownCongestionControl", {"--congestion", "nosuch"}, {"--congestion", "'nosuch'", "reno"}},
    {"SendBufferHuge", {"--send-buffer", "1T"}, {"--send-buffer", "'1T'", "4K"}},
    {"ReceiveBufferCut", {"--receive-buffer", "1G"}, {"--receive-buffer", "1073741824", "less"}},
    {"NotifyName", {"--notify", "never"}, {"--notify", "never", "ring:N"}},
    {"NotifyNone", {"--notify", "ring:0"}, {"--notify", "'ring:0'", "4096"}},
    {"NotifyLazyByARing",
     {"--mode", "uring-send-zc", "--notify", "lazy"},
     {"--notify lazy", "completions", "ring:N"}},
    {"NotifyMoreThanTheWorkingSet",
     {"--mode", "uring-send-zc", "--size", "64K", "--notify", "ring:4096"},
     {"--notify ring:4096", "--working-set 1M", "16 operations of 64K", "256M"}},
    {"NotifyTwice", {"--notify", "each,each"}, {"--notify", "each", "twice"}},
    {"LowatCut", {"--client-lowat", "1G"}, {"--client-lowat", "1073741824", "receive buffer"}},
    {"CpuThatDoesNotExist", {"--server-cpus", "1023"}, {"--server-cpus", "'1023'", "may use"}},
    {"CpusThatAreNone", {"--client-cpus", "a-b"}, {"--client-cpus", "'a-b'", "may use"}},
    {"UnknownFormat", {"--format", "xml"}, {"--format", "'xml'", "text, json, jsonl, csv"}},
    {"SeedNoNumber", {"--seed", "x"}, {"--seed", "'x'", "whole number"}},
    {"BaselineThatIsNotMeasured",
     {"--mode", "pthread,uring-null", "--baseline", "epoll"},
     {"--baseline", "'epoll'", "pthread-two-copy"}},
    {"UnknownOption", {"--nosuch"}, {"'--nosuch'", "--help"}},
    {"UnknownOptionOfACommand", {"list", "--nosuch"}, {"'--nosuch'", "--help"}},
    {"UnknownCommand", {"frob"}, {"'frob'", "accepted are run, explain, ablate"}},
    {"WordTooMany", {"list", "more"}, {"'more'", "accepted"}},
    {"ValueMissing", {"--size"}, {"--size", "missing", "--help"}},
    {"OptionTwice", {"--seed", "1", "--seed", "2"}, {"--seed", "once"}},
    {"OptionThatMeansNothing", {"--size", "64", "list"}, {"--size", "list"}},
    {"ReportOfNothing", {"report"}, {"DIR", "--help"}},
    {"ReportOfNoStudy", {"report", "/nonexistent"}, {"report", "'/nonexistent", "ENOENT"}},
};

INSTANTIATE_TEST_SUITE_P(CommandLine, BadInput, testing::ValuesIn(kRefusals),
                         [](const auto& each) { return each.param.name; });

TEST(Refusal, ExplainComparesTwoCases) {
  const std::vector<std::string> one = {"explain", "--mode", "pthread"};
  expect_refused(uringbench(one, where_nothing_can_start()), {"explain", "two cases", "make 1"});
  const std::vector<std::string> four = {"explain", "--mode", "pthread,epoll", "--size", "64,4K"};
  expect_refused(uringbench(four, where_nothing_can_start()), {"two cases", "make 4"});
  expect_refused(uringbench({"explain"}, where_nothing_can_start()), {"--mode", "A,B"});
  const std::vector<std::string> csv = {"explain", "--mode", "pthread,epoll", "--format", "csv"};
  expect_refused(uringbench(csv, where_nothing_can_start()), {"--format"});
}

TEST(Refusal, ACounterThatNobodyKnows) {
  expect_refused(uringbench({"--counters", "cycles,foo"}, where_nothing_can_start()),
                 {"--counters", "'foo'", "uringbench probe"});
}

TEST(Refusal, AModeThatThisKernelLacks) {
  Surroundings surroundings = where_nothing_can_start();
  surroundings.refused_calls.emplace_back("io_uring_setup");
  expect_refused(uringbench({"--mode", "uring"}, surroundings),
                 {"--mode", "'uring-two-copy'", "filter of this process forbids it", "seccomp",
                  "uringbench list"});
}

TEST(Refusal, AnOutDirectoryThatHoldsAnything) {
  for (const char* file : {"samples.jsonl", "results.csv", "table.txt"}) {
    const test::Scratch scratch;
    std::ofstream(scratch.path() / file) << "precious\n";
    expect_refused(uringbench({"--out", scratch.path()}, where_nothing_can_start()),
                   {"--out", scratch.path(), "name a new directory"});
    EXPECT_THAT(test::lines_of(scratch.path() / file), testing::ElementsAre("precious"));
  }
}

TEST(Refusal, AnOutDirectoryThatCannotBeMadeIsNoBadUsage) {
  const Ended ended = uringbench({"--out", "/dev/null/x"}, where_nothing_can_start());
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.out, IsEmpty());
  EXPECT_THAT(ended.err, testing::AllOf(StartsWith("uringbench: --out: "), HasSubstr("ENOTDIR")));
}

}  // namespace
}  // namespace ub::cli
