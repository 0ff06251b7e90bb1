#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "rendered.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/model/json.hpp"
#include "uringbench/record/reader.hpp"

namespace ub::report {
namespace {

/// Every field differs from its default, so a field that is lost on the way shows.
Sample full_sample() {
  Sample s = sample_of(case_of(EngineKind::uring, "send-zc", Family::zero_copy, 4096), 8, 2);
  s.status = Status::invalid;
  s.reason = "a reason, with \"quotes\" and a\nline feed";
  s.the_case.clients = 3;
  s.the_case.batch = 5;
  s.the_case.fields = 4;
  s.the_case.nodelay = Switch::on;
  s.the_case.send_buffer_bytes = 11;
  s.the_case.receive_buffer_bytes = 12;
  s.the_case.client_lowat_bytes = 13;
  s.the_case.verify = Switch::on;
  s.the_case.purpose = Purpose::harness;
  s.window_s = 1.0 / 3;
  s.goodput_bps = 0.1;
  s.latency = LatencySummary{9, 1, 2, 3, 4, 5, std::nullopt, 6, 7.5};
  s.server.counters["cycles"] = Counted{1e19, 0.123456789};
  s.server.counters["instructions"] = scaled(RawCount{7, 9, 3});
  s.zero_copy = zero_copy_counts(1, 2, 3);
  s.sends.short_sends = 21;
  s.sends.would_block = 22;
  s.sends.buffer_waits = 23;
  s.sends.cq_overflows = 24;
  s.sends.errors = {{"EPIPE", 25}};
  s.marks = {"client-bound"};
  s.granted = {{"flags", "DEFER_TASKRUN"}};
  return s;
}

std::string lines_of(const std::vector<Sample>& samples) {
  return rendered("jsonl", plan_for(samples, 3), samples);
}

TEST(Jsonl, Golden) {
  expect_golden("samples.jsonl", lines_of(comparison_samples()));
}

TEST(Jsonl, TheFirstLineIsTheEnvironment) {
  std::istringstream in(lines_of({full_sample()}));
  std::string first;
  std::getline(in, first);
  EXPECT_EQ(Json::parse(first).get<Environment>(), environment());
}

TEST(Jsonl, WhatIsReadIsWhatWasWritten) {
  std::vector<Sample> samples = comparison_samples();
  samples.push_back(full_sample());
  std::istringstream in(lines_of(samples));
  const record::Recording recording = record::read_recording(in);
  EXPECT_EQ(recording.environment, environment());
  EXPECT_TRUE(recording.samples == samples);
}

/// Counts how often a stream that writes here is flushed, and what has arrived by then.
class FlushCounter : public std::stringbuf {
 public:
  int lines_at_last_flush = 0;

 protected:
  int sync() override {
    const std::string text = str();
    lines_at_last_flush = static_cast<int>(std::count(text.begin(), text.end(), '\n'));
    return 0;
  }
};

TEST(Jsonl, EverySampleIsFlushedAsSoonAsItIsGiven) {
  FlushCounter buffer;
  std::ostream out(&buffer);
  StudyWriter writer(format_named("jsonl", Input::study), out, {});
  writer.begin(environment(), {});
  EXPECT_EQ(buffer.lines_at_last_flush, 2) << "the environment and the plan";
  writer.sample(full_sample());
  EXPECT_EQ(buffer.lines_at_last_flush, 3);
  writer.sample(full_sample());
  EXPECT_EQ(buffer.lines_at_last_flush, 4);
}

TEST(Jsonl, AByteThatIsNotUtf8DoesNotCostTheSample) {
  Sample sample = full_sample();
  sample.reason = "bad \xff byte";
  std::istringstream in(lines_of({sample}));
  EXPECT_EQ(record::read_recording(in).samples.at(0).reason, "bad \uFFFD byte");
}

TEST(Jsonl, AFailedStreamIsAnError) {
  std::ostringstream out;
  StudyWriter writer(format_named("jsonl", Input::study), out, {});
  out.setstate(std::ios::badbit);
  EXPECT_THROW(writer.sample(full_sample()), SetupError);
}

}  // namespace
}  // namespace ub::report
