#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "rendered.hpp"
#include "renders.hpp"

namespace ub::report {
namespace {

using testing::HasSubstr;
using testing::Not;

using Record = std::vector<std::string>;

/// A reader of RFC 4180 (with LF), written apart from the writer.
std::vector<Record> parse_csv(const std::string& text) {
  std::vector<Record> records{{""}};
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool doubled = quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"';
    if (doubled) {
      records.back().back() += text[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      records.back().emplace_back();
    } else if (c == '\n' && !quoted) {
      records.push_back({""});
    } else {
      records.back().back() += c;
    }
  }
  EXPECT_FALSE(quoted) << "a quote was never closed";
  EXPECT_EQ(records.back(), Record{""}) << "the last line has no line feed";
  records.pop_back();
  return records;
}

std::map<std::string, std::string> row_of(const Sample& sample) {
  const auto records = parse_csv(csv_header() + csv_row(sample));
  EXPECT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].size(), records[1].size());
  std::map<std::string, std::string> row;
  for (std::size_t i = 0; i < records[0].size(); ++i) row[records[0][i]] = records[1][i];
  EXPECT_EQ(row.size(), records[0].size()) << "two columns have one name";
  return row;
}

Sample valid_sample() {
  return sample_of(case_of(EngineKind::pthread, "two-copy", Family::two_copy, 4096), 8);
}

TEST(Csv, Golden) {
  const auto samples = comparison_samples();
  expect_golden("comparison.csv", rendered("csv", plan_for(samples, 3), samples));
}

TEST(Csv, QuotesWhatMustBeQuotedAndNothingElse) {
  EXPECT_EQ(csv_field("plain text"), "plain text");
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("say \"x\""), "\"say \"\"x\"\"\"");
  EXPECT_EQ(csv_field("two\nlines"), "\"two\nlines\"");
  EXPECT_EQ(csv_field("cr\r"), "\"cr\r\"");
  EXPECT_EQ(csv_field(""), "");
}

TEST(Csv, AnyTextComesBackAsItWent) {
  for (const std::string reason : {"a,b", "\"", "\"\"", "x\ny", "\r\n", ",", "\",\"", "plain"}) {
    Sample sample = valid_sample();
    sample.status = Status::invalid;
    sample.reason = reason;
    EXPECT_EQ(row_of(sample).at("reason"), reason);
  }
}

TEST(Csv, FiguresComeBackExactly) {
  Sample sample = valid_sample();
  sample.window_s = 1.0 / 3;
  sample.goodput_bps = 12345678901.25;
  sample.server.counters["l1d_misses"] = Counted{77, 0.5};
  sample.zero_copy = zero_copy_counts(5, 3, 2);
  sample.sends.errors = {{"EPIPE", 1}, {"ENOBUFS", 2}};
  sample.marks = {"client-bound", "far"};
  const auto row = row_of(sample);
  EXPECT_EQ(row.at("impl"), "pthread-two-copy");
  EXPECT_EQ(row.at("threads"), "1");
  EXPECT_EQ(std::stod(row.at("window_s")), 1.0 / 3);
  EXPECT_EQ(std::stod(row.at("throughput_gbps")), 12.34567890125);
  EXPECT_EQ(row.at("l1_misses"), "77");
  EXPECT_EQ(row.at("counters_running"), "0.5");
  EXPECT_EQ(row.at("zc_sends") + row.at("zc_real") + row.at("zc_copied") + row.at("zc_unreported"),
            "10532");
  EXPECT_EQ(row.at("errors"), "ENOBUFS=2;EPIPE=1");
  EXPECT_EQ(row.at("marks"), "client-bound;far");
}

std::string as_csv(Number value) {
  return std::to_string(value);
}

std::string as_csv(const ErrorCounts& errors) {
  return errors.begin()->first + '=' + std::to_string(errors.begin()->second);
}

std::string as_csv(const Text& text) {
  return text;
}

void count(Number& value, Number seed) {
  value = seed;
}

void count(ErrorCounts& errors, Number seed) {
  errors = {{"EPIPE", seed}};
}

void count(Text& text, Number seed) {
  text = "cause " + std::to_string(seed);
}

TEST(Csv, EveryCountOfTheTableHasItsColumn) {
  ServerCounts counts;
  Number seed = 100;
  for_each_server_group([&]<typename Counts>(Counts ServerCounts::*group, auto... /*rest*/) {
    for_each_count<Counts>([&](const auto& row) { count(counts.*group.*row.member, seed++); });
  });
  Sample sample = valid_sample();
  sample.sends = counts.sends;
  sample.zero_copy = counts.zero_copy;
  sample.arrivals = counts.arrivals;
  sample.send_timing = SendTiming{};
  sample.send_timing->held = counts.held;
  const auto fields = row_of(sample);
  for_each_server_group([&]<typename Counts>(Counts ServerCounts::*group, auto... /*rest*/) {
    for_each_count<Counts>([&](const auto& row) {
      EXPECT_EQ(fields.at(std::string(row.column)), as_csv(counts.*group.*row.member)) << row.name;
    });
  });
}

TEST(Csv, ACountThatAnOlderFileLacksIsNot0) {
  Sample sample = valid_sample();
  sample.zero_copy = zero_copy_counts(5, 3, 2);
  sample.zero_copy->notifications = 0;
  EXPECT_EQ(row_of(sample).at("zc_notifications"), "");
  EXPECT_THAT(
      row_of(sample).at("unavailable_reason"),
      HasSubstr(
          "zc_notifications: there were none, or the file is of a program that did not count it"));
}

TEST(Csv, UnavailableIsEmptyWithItsReasonAndNever0) {
  const auto row = row_of(valid_sample());
  for (const std::string name : {"latency_us", "cpu_cycles", "cycles_per_byte", "instructions",
                                 "l1_misses", "llc_cache_misses", "zc_sends", "zc_copied"}) {
    EXPECT_EQ(row.at(name), "");
    EXPECT_THAT(row.at("unavailable_reason"), HasSubstr(name));
  }
  EXPECT_EQ(row.at("short"), "0") << "a 0 that was counted stays";
  EXPECT_THAT(row.at("unavailable_reason"), Not(HasSubstr("short")));
  EXPECT_THAT(
      row.at("unavailable_reason"),
      HasSubstr("cpu_cycles, cycles_per_byte, instructions, l1_misses, llc_cache_misses: this "
                "machine has no PMU"));
}

TEST(Csv, ASampleThatDidNotRunHasNoMeasuredField) {
  const auto row = row_of(failed_sample(valid_sample().the_case, Status::failed, "it broke"));
  for (const std::string name :
       {"window_s", "messages", "bytes", "throughput_gbps", "message_rate", "operations", "short",
        "would_block", "buffer_waits", "page_faults", "zc_sends", "counters_running",
        "server_cpu_ns_per_byte"}) {
    EXPECT_EQ(row.at(name), "") << name;
  }
  EXPECT_EQ(row.at("reason"), "it broke");
  EXPECT_THAT(row.at("unavailable_reason"), HasSubstr("messages, bytes, "));
}

TEST(Csv, TheReasonColumnIsTheLast) {
  EXPECT_EQ(parse_csv(csv_header())[0].back(), "unavailable_reason");
}

}  // namespace
}  // namespace ub::report
