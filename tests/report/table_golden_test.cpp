#include <gtest/gtest.h>

#include <sstream>

#include "rendered.hpp"

namespace ub::report {
namespace {

TEST(TableGolden, EveryKindOfRowAtOneSize) {
  const auto samples = comparison_samples();
  expect_golden("comparison.txt", table_of(plan_for(samples, 3), samples));
}

TEST(TableGolden, TwoSizesOneRepetitionWithCycles) {
  std::vector<Sample> samples;
  for (const std::uint64_t size_bytes : {std::uint64_t{64}, std::uint64_t{65536}}) {
    for (const EngineKind engine : {EngineKind::pthread, EngineKind::epoll}) {
      const Case the_case = case_of(engine, "two-copy", Family::two_copy, size_bytes);
      Sample sample = sample_of(
          the_case, (size_bytes == 64 ? 0.69 : 46.0) * (engine == EngineKind::epoll ? 1.1 : 1));
      sample.server.counters["cycles"] = Counted{2.9e9, 0.48};
      samples.push_back(sample);
    }
  }
  expect_golden("sweep.txt", table_of(samples));
}

TEST(TableGolden, RealZeroCopyWithEveryOption) {
  Case the_case = case_of(EngineKind::uring, "send-zc-fixed", Family::zero_copy, 65536);
  the_case.nodelay = Switch::on;
  the_case.verify = Switch::on;
  the_case.send_buffer_bytes = 262144;
  the_case.client_lowat_bytes = 131072;
  the_case.congestion.clear();
  the_case.client_cpus.clear();
  Sample sample = sample_of(the_case, 42.0);
  sample.zero_copy = zero_copy_counts(99'800, 150, 50);
  expect_golden("real_zero_copy.txt",
                table_of({sample}, {.baseline = "pthread-two-copy",
                                    .build_warning = "this is not a Release build: its figures say "
                                                     "nothing about speed",
                                    .colour = Colour::off}));
}

TEST(TableGolden, ANarrowTerminal) {
  const auto samples = comparison_samples();
  TableOptions narrow;
  narrow.columns = 80;
  expect_golden("narrow.txt", table_of(plan_for(samples, 3), samples, narrow));
}

TEST(Table, NoLineIsWiderThanTheTerminal) {
  for (const auto& samples : {comparison_samples(), verdict_samples(4), crossing_samples(3)}) {
    for (const std::size_t columns : {80U, 90U, 140U}) {
      TableOptions options;
      options.columns = columns;
      std::istringstream lines(table_of(plan_for(samples, 3), samples, options));
      for (std::string line; std::getline(lines, line);) {
        EXPECT_LE(line.size(), columns) << line;
      }
    }
  }
}

TEST(TableGolden, Colour) {
  const auto samples = comparison_samples();
  expect_golden("colour.txt", table_of(plan_for(samples, 3), samples, with_colour()));
}

}  // namespace
}  // namespace ub::report
