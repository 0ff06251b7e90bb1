// Workload crr as a user runs it: a connection for each request.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "program.hpp"
#include "support/processes.hpp"
#include "support/scratch.hpp"
#include "uringbench/model/json.hpp"

namespace ub::cli {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

/// Without those that tell the price of measuring, which are streams.
std::vector<Json> samples_of(const std::filesystem::path& file) {
  std::vector<Json> samples;
  for (const std::string& line : test::lines_of(file)) {
    if (!Json::accept(line)) continue;
    Json json = Json::parse(line);
    const bool asked = json.at("record") == "sample" && json.at("case").at("workload") == "crr";
    if (asked) samples.push_back(std::move(json));
  }
  return samples;
}

/// A sample whose two ends count other connections, from the first to the last, is not valid.
void expect_connections(const Json& sample) {
  if (is_stretched(sample)) return;
  ASSERT_EQ(sample.at("status"), "valid") << sample;
  EXPECT_GT(sample.at("messages"), 0);
  EXPECT_GT(sample.at("arrivals").at("connections"), 0);
  // The response counts from before connecting, the service from the request.
  EXPECT_GT(sample.at("requests").at("response_ns").at("min"),
            sample.at("requests").at("service_ns").at("min"));
}

class Reconnect : public testing::TestWithParam<const char*> {
 protected:
  std::filesystem::path study() const { return scratch_.path() / "study"; }
  std::filesystem::path file() const { return study() / "samples.jsonl"; }

  test::Scratch scratch_;
};

TEST_P(Reconnect, EveryEngineCountsTheConnectionsOfTheClients) {
  const Ended ended =
      uringbench({"--workload", "crr", "--link", GetParam(), "--mode", "pthread,epoll,uring",
                  "--accept", "single,multi", "--size", "64", "--clients", "1,8", "--duration",
                  "100ms", "--warmup", "20ms", "--verify", "--out", study()});
  EXPECT_THAT(ended.status, AnyOf(0, 1)) << ended.err << ended.out;
  const std::vector<Json> samples = samples_of(file());
  EXPECT_GE(samples.size(), 10U) << ended.out << ended.err;
  for (const Json& sample : samples) expect_connections(sample);
}

INSTANTIATE_TEST_SUITE_P(Links, Reconnect, testing::Values("loopback", "veth"),
                         [](const auto& of) { return std::string(of.param); });

using ReconnectStudy = Reconnect;

TEST_P(ReconnectStudy, ThatWasBrokenOffGoesOn) {
  Program program(
      command_line({"--workload", "crr", "--mode", "epoll,uring", "--size", "64", "--reps", "4",
                    "--duration", "50ms", "--warmup", "0s", "--out", study()}));
  ASSERT_TRUE(test::eventually([&] { return samples_of(file()).size() >= 3; }));
  program.signal(SIGINT);
  EXPECT_EQ(program.wait().status, 130);
  const std::size_t before = samples_of(file()).size();
  const Ended ended = uringbench({"--resume", study()});
  EXPECT_THAT(ended.status, AnyOf(0, 1)) << ended.err;
  const std::vector<Json> samples = samples_of(file());
  EXPECT_GT(samples.size(), before);
  for (const Json& sample : samples) expect_connections(sample);
}

INSTANTIATE_TEST_SUITE_P(Resumed, ReconnectStudy, testing::Values("loopback"));

}  // namespace
}  // namespace ub::cli
