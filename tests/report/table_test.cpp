#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <sstream>

#include "rendered.hpp"
#include "support/text.hpp"
#include "uringbench/model/json.hpp"
#include "writing.hpp"

namespace ub::report {
namespace {

using test::unwrapped;
using testing::HasSubstr;
using testing::Not;

constexpr EngineKind kPthread = EngineKind::pthread;

Sample two_copy(double gbps, std::uint64_t size_bytes = 4096) {
  return sample_of(case_of(kPthread, "two-copy", Family::two_copy, size_bytes), gbps);
}

Sample gather(double gbps) {
  return sample_of(case_of(kPthread, "gather", Family::one_copy, 4096), gbps);
}

Sample zero_copy(const ZeroCopyCounts& counts) {
  Sample sample = sample_of(case_of(EngineKind::uring, "send-zc", Family::zero_copy, 4096), 13);
  sample.zero_copy = counts;
  return sample;
}

std::string line_of(const std::string& table, const std::string& start) {
  std::istringstream in(table);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(start)) return line;
  }
  return "no line starts with " + start;
}

std::string widest_line(const std::string& table) {
  std::istringstream in(table);
  std::string widest;
  for (std::string line; std::getline(in, line);) {
    if (display_width(line) > display_width(widest)) widest = line;
  }
  return widest;
}

/// The largest values that the fields can hold, long names, long reasons, all columns at once.
std::vector<Sample> extreme_samples() {
  constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
  std::vector<Sample> samples;
  for (const std::uint64_t cpu_ns : {kMost, std::uint64_t{1}}) {
    Sample s = two_copy(99'999);
    s.the_case.path = "a-path-with-a-name-that-is-much-longer-than-any-real-one";
    s.the_case.batch = cpu_ns == 1 ? 1 : kMaxBatch;
    s.the_case.congestion = std::string(150, 'c');
    s.server.cpu_ns = cpu_ns;
    s.client.cpu_ns = cpu_ns;
    s.message_rate = cpu_ns == 1 ? 1e-9 : 1.7e308;
    s.goodput_bps = cpu_ns == 1 ? 1e-9 : 1.7e308;
    s.bytes = cpu_ns == 1 ? kMost : 1;
    s.sends.operations = 3;
    s.sends.system_calls = cpu_ns;
    s.server.counters["cycles"] = Counted{1.7e308, 0.0001};
    s.marks = {"client-bound", std::string(120, 'm')};
    samples.push_back(s);
    s.rep = 1;
    s.message_rate /= 2;
    samples.push_back(s);
  }
  samples.push_back(failed_sample(case_of(kPthread, "gather", Family::one_copy, 4096),
                                  Status::failed, std::string(300, 'r') + " " + "and so on"));
  return samples;
}

TEST(Table, NoLineIsWiderThanItMayBe) {
  const auto samples = extreme_samples();
  const std::string table = table_of(plan_for(samples, 2), samples,
                                     {.baseline = "", .build_warning = std::string(200, 'w')});
  const std::string widest = widest_line(table);
  EXPECT_LE(display_width(widest), 100U) << widest;
  EXPECT_GT(display_width(widest), 90U) << "the data no longer press against the limit";
}

TEST(Table, OrdinaryTablesKeepTheLimitToo) {
  const auto samples = comparison_samples();
  EXPECT_LE(display_width(widest_line(table_of(samples))), 100U);
}

TEST(Table, NamesTheFirstValidModeAsBaseline) {
  const std::string table = table_of({two_copy(20), gather(10)});
  EXPECT_THAT(table, HasSubstr("(ratio to pthread-two-copy)"));
  EXPECT_THAT(line_of(table, "pthread-gather"), HasSubstr(" 0.500 "));
}

TEST(Table, TakesTheBaselineItIsGiven) {
  const std::string table = table_of({two_copy(20), gather(10)}, with_baseline("pthread-gather"));
  EXPECT_THAT(line_of(table, "pthread-two-copy"), HasSubstr(" 2.00 "));
}

TEST(Table, GivesNoRatioWithoutItsBaseline) {
  const std::string table = table_of({two_copy(20), gather(10)}, with_baseline("epoll-two-copy"));
  EXPECT_THAT(table, HasSubstr("(no ratio: epoll-two-copy has no valid sample here)"));
  EXPECT_THAT(line_of(table, "pthread-gather"), Not(HasSubstr("0.5")));
}

TEST(Table, TheNullPathIsNeverABaselineAndHasNoRatio) {
  const std::string table = table_of({null_sample(kPthread, 50'000'000), two_copy(20)});
  EXPECT_THAT(table, HasSubstr("(ratio to pthread-two-copy)"));
  EXPECT_THAT(table, HasSubstr("harness cost (null path): pthread 20.0 ns a message"));
  EXPECT_THAT(line_of(table, "pthread-null"), HasSubstr("harness only, 20.0 ns/msg"));
}

TEST(Table, ThereIsNoRatioAcrossBatches) {
  Sample batched = gather(40);
  batched.the_case.batch = 64;
  const std::string table = table_of({two_copy(20), batched});
  EXPECT_THAT(line_of(table, "pthread-gather"), HasSubstr(" 64* "));
  EXPECT_THAT(line_of(table, "pthread-gather"), Not(HasSubstr("2.00")));
  EXPECT_THAT(table, HasSubstr("* the baseline was not measured with so many messages"));
}

TEST(Table, ARowIsHeldAgainstTheBaselineWithItsBatch) {
  Sample batched = gather(40);
  Sample batched_baseline = two_copy(50);
  batched.the_case.batch = batched_baseline.the_case.batch = 64;
  const std::string table = table_of({two_copy(20), batched, batched_baseline});
  EXPECT_THAT(line_of(table, "pthread-gather"), HasSubstr("0.800"));
  EXPECT_THAT(table, Not(HasSubstr("*")));
}

TEST(Table, ABatchThatAllShareStandsInTheHead) {
  const std::string table = table_of({two_copy(20), gather(40)});
  EXPECT_THAT(table, HasSubstr("batch 1"));
  EXPECT_THAT(table, Not(HasSubstr("*")));
}

TEST(Table, CasesThatDifferInAnotherFactorGetTheirOwnBlock) {
  Sample other = gather(40);
  other.the_case.congestion = "bbr";
  const std::string table = table_of({two_copy(20), other});
  EXPECT_THAT(table, HasSubstr("\nsize 4K, 1 client, congestion control cubic (ratio"));
  EXPECT_THAT(table, HasSubstr("\nsize 4K, 1 client, congestion control bbr (ratio"));
}

TEST(Table, NamesTheCongestionControlThatTheSystemChose) {
  Sample sample = two_copy(20);
  sample.the_case.congestion.clear();
  sample.effective["server_congestion"] = "bbr";
  EXPECT_THAT(table_of({sample}), HasSubstr("congestion control of the system (bbr)"));
}

TEST(Table, AZeroCopyRowLosesItsLabelAboveOnePercentCopied) {
  EXPECT_THAT(table_of({zero_copy(zero_copy_counts(990, 10, 0))}),
              HasSubstr("zero-copy, real 99.0%"));
  const std::string table = table_of({zero_copy(zero_copy_counts(980, 20, 0))});
  EXPECT_THAT(line_of(table, "uring-send-zc"), HasSubstr("zero-copy asked, 2.0% copied"));
}

TEST(Table, AZeroCopyRowWithoutAReportSaysSo) {
  Sample silent = zero_copy({});
  silent.zero_copy.reset();
  EXPECT_THAT(unwrapped(table_of({silent})), HasSubstr("zero-copy asked, nothing reported"));
  EXPECT_THAT(unwrapped(table_of({zero_copy(zero_copy_counts(50, 0, 50))})),
              HasSubstr("zero-copy asked, 50.0% unreported"));
}

TEST(Table, SaysWhatLoopbackDoesOnlyWhenAZeroCopyRowIsThere) {
  EXPECT_THAT(table_of({zero_copy(zero_copy_counts(0, 9, 0))}),
              HasSubstr("loopback delivers locally"));
  EXPECT_THAT(table_of({two_copy(20)}), Not(HasSubstr("loopback delivers locally")));
}

TEST(Table, OneRepetitionClaimsNothing) {
  const std::string table = table_of({two_copy(20)});
  EXPECT_THAT(table, HasSubstr("one repetition: no interval, no claim"));
  EXPECT_THAT(table, Not(HasSubstr("+-")));
}

TEST(Table, MedianAndSpreadAreOfValidRepetitionsOnly) {
  std::vector<Sample> samples;
  for (const double gbps : {10.0, 12.0, 11.0, 99.0}) {
    samples.push_back(two_copy(gbps));
    samples.back().rep = static_cast<std::uint32_t>(samples.size() - 1);
  }
  samples.back().status = Status::invalid;
  samples.back().reason = "books do not balance";
  const std::string table = table_of(plan_for(samples, 4), samples);
  EXPECT_THAT(line_of(table, "pthread-two-copy"), HasSubstr("11.0  +-9.1%"));
  EXPECT_THAT(line_of(table, "pthread-two-copy"), HasSubstr("3 of 4 reps"));
  EXPECT_EQ(line_of(table, "pthread-two-copy:"),
            "pthread-two-copy: invalid in 1 of 4 repetitions: books do not balance");
}

TEST(Table, CaseWithoutASampleIsNamed) {
  Plan plan = plan_for({two_copy(20), gather(10)});
  plan.cases.push_back({case_of(EngineKind::epoll, "bundle", Family::one_copy, 4096), "no ring"});
  const std::string table = table_of(plan, {two_copy(20)});
  EXPECT_EQ(line_of(table, "pthread-gather"),
            "pthread-gather: not run: the study ended before its turn");
  EXPECT_EQ(line_of(table, "epoll-bundle"), "epoll-bundle: unavailable: no ring");
}

TEST(Table, ABlockWithoutAnyFigureHasNoEmptyTable) {
  const Case the_case = case_of(kPthread, "fixed", Family::one_copy, 4096);
  const std::string table = table_of({failed_sample(the_case, Status::unavailable, "no ring")});
  EXPECT_THAT(table, HasSubstr("pthread-fixed: unavailable: no ring"));
  EXPECT_THAT(table, Not(HasSubstr("Gbit/s")));
}

TEST(Table, CyclesThatCouldNotBeHadAreAReasonAndNoColumn) {
  const std::string table = table_of({two_copy(20)});
  EXPECT_THAT(table, HasSubstr("cycles/B unavailable: this machine has no PMU"));
  EXPECT_THAT(table, Not(HasSubstr("cyc/B")));
}

TEST(Table, ScaledCyclesSayHowLongTheyWereCounted) {
  Sample sample = two_copy(20);
  sample.server.counters["cycles"] = Counted{5e9, 0.25};
  const std::string table = table_of({sample});
  EXPECT_THAT(table, HasSubstr("cyc/B"));
  EXPECT_THAT(table, HasSubstr("cycles were counted during 25.0% of a window at the least"));
}

TEST(Table, SmallMessagesArePricedEach) {
  EXPECT_THAT(table_of({two_copy(1, 1024)}), HasSubstr("ns/msg"));
  EXPECT_THAT(table_of({two_copy(1, 1025)}), HasSubstr("ns/B"));
}

TEST(Table, AMarkOfSomeRepetitionsSaysOfHowMany) {
  std::vector<Sample> samples{two_copy(20), two_copy(21)};
  samples[1].rep = 1;
  samples[1].marks = {"client-bound"};
  const std::string table = table_of(plan_for(samples, 2), samples);
  EXPECT_THAT(unwrapped(table), HasSubstr("two-copy, client-bound in 1 of 2"));
  EXPECT_THAT(table, HasSubstr("client-bound: the load generator had hardly any CPU left"));
}

TEST(Table, ClientShareIsOfTheCoresItIsPinnedTo) {
  Sample sample = two_copy(20);
  sample.the_case.client_cpus = "0,2-4";
  sample.client.cpu_ns = 2'000'000'000;
  EXPECT_THAT(line_of(table_of({sample}), "pthread-two-copy"), HasSubstr(" 50.0% "));
}

TEST(Table, ReasonsCannotSteerTheTerminal) {
  const Case the_case = case_of(kPthread, "fixed", Family::one_copy, 4096);
  const std::string table = table_of({failed_sample(the_case, Status::failed, "a\x1b[2Jb\rc\td")});
  EXPECT_THAT(table, HasSubstr("failed: a [2Jb c d"));
}

TEST(Table, ARowAtTwoLevelsIsCalledBimodal) {
  const Case one = case_of(EngineKind::pthread, "two-copy", Family::two_copy, 4096);
  const Case two = case_of(EngineKind::uring, "two-copy", Family::two_copy, 4096);
  std::vector<Sample> samples;
  for (std::uint32_t rep = 0; rep < 8; ++rep) {
    samples.push_back(sample_of(one, 20 + 0.01 * rep, rep));
    samples.push_back(sample_of(two, (rep % 2 == 0 ? 10 : 20) + 0.01 * rep, rep));
  }
  const std::string table = table_of(plan_for(samples, 8), samples);
  EXPECT_THAT(table, HasSubstr("bimodal (306 k or 612 k msgs/s)"));
  EXPECT_THAT(table, HasSubstr("the repetitions lie at two levels"));
  const Json rows =
      Json::parse(rendered("json", plan_for(samples, 8), samples)).at("groups").at(0).at("rows");
  EXPECT_TRUE(rows.at(0).at("message_rate_levels").is_null());
  EXPECT_EQ(rows.at(1).at("message_rate_levels").at("at_high"), 4);
}

TEST(Table, ColourChangesNothingButColour) {
  const auto samples = comparison_samples();
  std::string coloured = table_of(samples, with_colour());
  EXPECT_THAT(coloured, HasSubstr("\x1b[1m"));
  for (const std::string code : {"\x1b[1m", "\x1b[2m", "\x1b[33m", "\x1b[0m"}) {
    for (std::size_t at = coloured.find(code); at != std::string::npos; at = coloured.find(code)) {
      coloured.erase(at, code.size());
    }
  }
  EXPECT_EQ(coloured, table_of(samples));
}

TEST(Table, TheSameDataGiveTheSameBytesInAnyOrderOfSamples) {
  auto samples = comparison_samples();
  const Plan plan = plan_for(samples, 3);
  const std::string table = table_of(plan, samples);
  std::rotate(samples.begin(), samples.begin() + 7, samples.end());
  EXPECT_EQ(table_of(plan, samples), table);
}

TEST(Table, AFailedStreamIsAnError) {
  std::ostringstream out;
  StudyWriter writer(format_named("text", Input::study), out, {});
  out.setstate(std::ios::badbit);
  const analysis::StudyData study;
  EXPECT_THROW(writer.end(study, analysis::analyse(study)), std::runtime_error);
}

}  // namespace
}  // namespace ub::report
