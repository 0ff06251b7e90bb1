#include "uringbench/analysis/metrics.hpp"

#include <gtest/gtest.h>

#include <set>

#include "support/studies.hpp"

namespace ub::analysis {
namespace {

using namespace test;

Sample sample() {
  return sample_of(case_of(EngineKind::pthread, "two-copy", Family::two_copy, 4096), 8);
}

double value_of(const Reading& reading) {
  return std::get<Counted>(reading).value;
}
std::string reason_of(const Reading& reading) {
  return std::get<Unavailable>(reading).reason;
}

TEST(Metrics, AreWhatTheirNamesSay) {
  Sample s = sample();
  s.goodput_bps = 8e9;
  s.bytes = 1'000'000'000;
  s.messages = 250'000;
  s.server.cpu_ns = 500'000'000;
  s.client.cpu_ns = 250'000'000;
  s.sends.operations = 1000;
  s.sends.system_calls = 2500;
  s.server.counters["cycles"] = Counted{3e9, 0.5};
  EXPECT_DOUBLE_EQ(value_of(throughput_gbps(s)), 8);
  EXPECT_DOUBLE_EQ(value_of(server_ns_per_byte(s)), 0.5);
  EXPECT_DOUBLE_EQ(value_of(server_ns_per_message(s)), 2000);
  EXPECT_DOUBLE_EQ(value_of(cpu_ns_per_byte(s)), 0.75) << "of both roles";
  EXPECT_DOUBLE_EQ(value_of(cpu_ns_per_message(s)), 3000);
  EXPECT_DOUBLE_EQ(value_of(client_ns_per_byte(s)), 0.25);
  EXPECT_DOUBLE_EQ(value_of(client_share(s)), 0.25);
  EXPECT_DOUBLE_EQ(value_of(system_calls_per_operation(s)), 2.5);
  EXPECT_EQ(cycles_per_byte(s), Reading(Counted{3, 0.5}));
}

TEST(Metrics, LatencyIsTheMedianInMicroseconds) {
  Sample s = sample();
  EXPECT_EQ(reason_of(latency_p50_us(s)), "workload stream has no requests");
  s.latency.emplace();
  s.latency->count = 10;
  s.latency->p50 = 61'500;
  EXPECT_DOUBLE_EQ(value_of(latency_p50_us(s)), 61.5);
  s.latency->count = 0;
  EXPECT_EQ(reason_of(latency_p50_us(s)), "no request was answered");
}

TEST(Metrics, NothingIsDividedByZero) {
  Sample s = sample();
  s.bytes = s.messages = s.sends.operations = 0;
  s.window_s = 0;
  s.server.counters["cycles"] = Counted{3e9, 1};
  for (const Metric metric : {server_ns_per_byte, server_ns_per_message, client_ns_per_byte,
                              client_share, cycles_per_byte, system_calls_per_operation}) {
    EXPECT_TRUE(std::holds_alternative<Unavailable>(metric(s)));
  }
}

TEST(Metrics, TheTableNamesEachOnce) {
  std::set<std::string_view> names;
  for (const NamedMetric& each : metrics()) names.insert(each.name);
  EXPECT_EQ(names.size(), metrics().size());
}

TEST(Metrics, ASampleThatDidNotRunHasNoFigures) {
  for (const Status status : {Status::failed, Status::unavailable}) {
    Sample s = sample();
    s.status = status;
    s.reason = "why";
    for (const auto& [name, metric, meaning] : metrics()) {
      EXPECT_EQ(reason_of(metric(s)), std::string(to_text(status)) + ": why") << name;
      EXPECT_FALSE(meaning.empty()) << name;
    }
  }
}

TEST(Metrics, OnlyTheNullPathPricesTheHarness) {
  EXPECT_EQ(reason_of(harness_ns_per_message(sample())), "this path sends");
  const Sample null_path = null_sample(EngineKind::uring, 5'000'000);
  EXPECT_DOUBLE_EQ(value_of(harness_ns_per_message(null_path)), 200);
  EXPECT_EQ(reason_of(throughput_gbps(null_path)), "this path sends nothing");
}

TEST(Metrics, ACounterThatNobodyCountedSaysSo) {
  EXPECT_EQ(reason_of(server_counter(sample(), "unheard_of")), "not counted");
}

}  // namespace
}  // namespace ub::analysis
