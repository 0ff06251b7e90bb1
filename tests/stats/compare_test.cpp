#include "uringbench/stats/compare.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "stats/simulated.hpp"

namespace ub::stats {
namespace {

constexpr std::array kBase{10.0, 10.4, 9.8, 10.1, 9.9, 10.2, 10.3, 9.7};
constexpr std::array kJitter{0.99, 1.01, 1.0, 1.02, 0.98, 1.005, 0.995, 1.01};

/// kBase times `ratio`, with a little noise in every block.
std::vector<double> scaled(double ratio) {
  std::vector<double> values;
  for (std::size_t i = 0; i < kBase.size(); ++i) values.push_back(kBase[i] * ratio * kJitter[i]);
  return values;
}

Comparison compare_one(std::span<const double> a, std::span<const double> b,
                       const CompareOptions& options = {}, double noise_floor = 0) {
  return compare(std::array{Sides{a, b, noise_floor}}, options).front();
}

TEST(CompareTest, ALargeDifferenceHasADirection) {
  const Comparison result = compare_one(scaled(1.2), kBase);
  EXPECT_EQ(result.verdict, Verdict::faster);
  EXPECT_NEAR(result.ratio->value, 1.2, 0.01);
  EXPECT_LT(result.p_value.value(), 1e-6);
  EXPECT_EQ(result.p_adjusted, result.p_value);
  EXPECT_FALSE(result.more_blocks.has_value());
  EXPECT_EQ(compare_one(scaled(0.8), kBase).verdict, Verdict::slower);
}

TEST(CompareTest, OfCostsTheSmallerIsFaster) {
  const CompareOptions costs{.better = Better::lower};
  EXPECT_EQ(compare_one(scaled(1.2), kBase, costs).verdict, Verdict::slower);
  EXPECT_EQ(compare_one(scaled(0.8), kBase, costs).verdict, Verdict::faster);
}

TEST(CompareTest, ARealButSmallDifferenceIsTheSame) {
  const Comparison result = compare_one(scaled(1.015), kBase);
  EXPECT_GT(result.ratio->low, 1);
  EXPECT_EQ(result.verdict, Verdict::same);
  EXPECT_EQ(compare_one(scaled(1.03), kBase, {.min_effect = 0.005}).verdict, Verdict::faster);
}

TEST(CompareTest, ADifferenceBelowTheNoiseFloorIsNotResolved) {
  const Comparison result = compare_one(scaled(1.2), kBase, {}, 0.25);
  EXPECT_DOUBLE_EQ(result.threshold, 0.25);
  EXPECT_EQ(result.verdict, Verdict::undecided) << "noise does not make two modes the same";
}

TEST(CompareTest, TheThresholdIsTheSameInBothDirections) {
  EXPECT_EQ(compare_one(scaled(1.15), kBase, {.min_effect = 0.2}).verdict, Verdict::same);
  EXPECT_EQ(compare_one(scaled(1 / 1.15), kBase, {.min_effect = 0.2}).verdict, Verdict::same);
  EXPECT_EQ(compare_one(scaled(1 / 1.26), kBase, {.min_effect = 0.2}).verdict, Verdict::slower);
}

TEST(CompareTest, NoDifferenceWithLittleNoiseIsTheSame) {
  const Comparison result = compare_one(scaled(1), kBase);
  EXPECT_GT(result.p_value.value(), 0.05);
  EXPECT_EQ(result.verdict, Verdict::same);
}

TEST(CompareTest, WideNoiseIsUndecidedAndSaysHowManyMore) {
  const std::vector<double> noisy{12.0, 8.9, 11.5, 8.2, 13.1, 9.4, 12.2, 8.0};
  const Comparison result = compare_one(noisy, kBase);
  EXPECT_EQ(result.verdict, Verdict::undecided);
  EXPECT_GT(result.more_blocks.value(), 100U);
}

TEST(CompareTest, ThreeBlocksDecideWhatIsFarBeyondTheNoise) {
  const std::vector<double> a = scaled(2);
  const Comparison result = compare_one(std::span(a).first(3), std::span(kBase).first(3));
  EXPECT_EQ(result.verdict, Verdict::faster);
  EXPECT_DOUBLE_EQ(result.ratio->level, 0.95);
  EXPECT_EQ(compare_one(std::span(a).first(1), std::span(kBase).first(1)).verdict,
            Verdict::undecided);
}

TEST(CompareTest, QuietComparisonsHelpOneThatIsUnlucky) {
  const std::array a{1.05, 1.30, 1.22};
  const std::array one{1.0, 1.0, 1.0};
  const std::array quiet{1.0, 1.004, 0.997};
  const double alone = compare(std::array{Sides{a, one}}).front().p_value.value();
  const std::vector<Comparison> together =
      compare(std::array{Sides{a, one}, Sides{quiet, one}, Sides{quiet, one}, Sides{quiet, one}});
  EXPECT_LT(together.front().p_value.value(), alone) << "more degrees of freedom";
  EXPECT_DOUBLE_EQ(together.front().ratio->value, std::cbrt(1.05 * 1.30 * 1.22));
}

TEST(CompareTest, OneOutlierAmongManyBlocksChangesNothing) {
  const std::vector<double> a{1.001, 0.999, 1.002, 0.998, 1.001, 0.999, 1.0, 9};
  EXPECT_EQ(compare_one(a, std::vector<double>(8, 1.0)).verdict, Verdict::same);
}

TEST(CompareTest, WithoutARatioThereIsNoFigureAndNoTest) {
  const std::vector<double> zeros(8, 0.0);
  const std::vector<double> a = scaled(1.2);
  const std::array sides{Sides{zeros, kBase}, Sides{a, kBase}, Sides{{}, {}}};
  const std::vector<Comparison> results = compare(sides);
  EXPECT_EQ(results[0].verdict, Verdict::undecided);
  EXPECT_FALSE(results[0].ratio.has_value());
  EXPECT_FALSE(results[0].p_value.has_value());
  EXPECT_FALSE(results[2].p_value.has_value());
  EXPECT_EQ(results[1].p_adjusted, results[1].p_value) << "the others are not tests";
}

TEST(CompareTest, ManyComparisonsAreAdjustedTogether) {
  const std::vector<double> real = scaled(1.05);
  const std::vector<double> none = scaled(1);
  std::vector<Sides> sides(20, Sides{none, kBase});
  sides.front() = Sides{real, kBase};
  const std::vector<Comparison> results = compare(sides);
  EXPECT_NEAR(results.front().p_adjusted.value(), 20 * results.front().p_value.value(), 1e-12);
}

TEST(CompareTest, IndependentStudiesMayDifferInLength) {
  const CompareOptions independent{.design = Design::independent};
  const std::vector<double> a = scaled(1.3);
  const Comparison result = compare_one(std::span(a).first(6), kBase, independent);
  EXPECT_EQ(result.verdict, Verdict::faster);
  EXPECT_NEAR(result.ratio->value, 1.3, 0.03);
  const CompareOptions coarse{.design = Design::independent, .min_effect = 0.06};
  EXPECT_EQ(compare_one(scaled(1), kBase, coarse).verdict, Verdict::same);
  EXPECT_EQ(compare_one(std::span(a).first(1), kBase, independent).verdict, Verdict::undecided);
}

/// Two studies a pair, and each lies off by what is its own, for all of its cases alike.
TEST(CompareTest, CasesOfStudiesDoNotVouchForEachOther) {
  const std::array a{0.89, 0.92};
  const std::array b{1.0, 1.0};
  const std::vector<Sides> sides(8, Sides{a, b});
  EXPECT_EQ(compare(sides).front().verdict, Verdict::slower) << "blocks of one study";
  const std::vector<Comparison> studies = compare(sides, {.design = Design::studies});
  EXPECT_EQ(studies.front().verdict, Verdict::undecided) << "one degree of freedom, not five";
  EXPECT_LT(studies.front().ratio->low, 0.85);
}

TEST(CompareTest, VerdictsHaveNames) {
  EXPECT_EQ(to_text(Verdict::faster), "faster");
  EXPECT_EQ(to_text(Verdict::slower), "slower");
  EXPECT_EQ(to_text(Verdict::same), "same");
  EXPECT_EQ(to_text(Verdict::undecided), "undecided");
}

/// How often each verdict fell in 200 simulated comparisons of one case with a/b = `ratio`.
struct Tally {
  int faster = 0, slower = 0, same = 0, undecided = 0;
};

Tally simulate(double ratio, double noise, std::size_t blocks, Design design) {
  Simulated simulated(57);
  Tally tally;
  for (int trial = 0; trial < 200; ++trial) {
    const std::vector<double> a = simulated.rates(blocks, 20 * ratio, noise);
    const std::vector<double> b = simulated.rates(blocks, 20, noise);
    const Verdict verdict = compare_one(a, b, {.design = design}).verdict;
    tally.faster += verdict == Verdict::faster;
    tally.slower += verdict == Verdict::slower;
    tally.same += verdict == Verdict::same;
    tally.undecided += verdict == Verdict::undecided;
  }
  return tally;
}

TEST(CompareTest, AnArmAgainstItselfIsRarelyFasterOrSlower) {
  for (const double noise : {0.01, 0.05, 0.12}) {
    const Tally paired = simulate(1, noise, 8, Design::paired);
    EXPECT_LE(paired.faster + paired.slower, 10) << noise;
    const Tally independent = simulate(1, noise, 6, Design::independent);
    EXPECT_LE(independent.faster + independent.slower, 10) << noise;
    RecordProperty(fmt::format("claims_{}", noise),
                   fmt::format("{} {}", paired.faster + paired.slower,
                               independent.faster + independent.slower));
  }
}

/// Studies whose level differs by 5 % (standard deviation), each with eight cases that differ by 1
/// % more: the share of comparisons of equal things, of two or three pairs, with any claim.
double equal_studies_with_a_claim(std::size_t pairs, std::uint64_t seed) {
  constexpr int kTrials = 400;
  constexpr std::size_t kCases = 8;
  Simulated simulated(seed);
  int claimed = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    std::vector<std::vector<double>> means(2 * kCases);
    for (std::size_t study = 0; study < 2 * pairs; ++study) {
      const double level = simulated.rate(5, 0.05);
      for (std::size_t i = 0; i < kCases; ++i) {
        means[2 * i + study % 2].push_back(level * simulated.rate(1, 0.01));
      }
    }
    std::vector<Sides> sides;
    for (std::size_t i = 0; i < means.size(); i += 2) sides.push_back({means[i], means[i + 1]});
    const auto results = compare(sides, {.design = Design::studies});
    claimed += std::any_of(results.begin(), results.end(), [](const Comparison& each) {
      return each.verdict == Verdict::faster || each.verdict == Verdict::slower;
    });
  }
  return static_cast<double>(claimed) / kTrials;
}

TEST(CompareTest, StudiesOfTheSameThingRarelyDiffer) {
  for (const std::size_t pairs : {2U, 3U, 5U}) {
    const double share = equal_studies_with_a_claim(pairs, 75 + pairs);
    EXPECT_LE(share, 0.05) << pairs;
    RecordProperty(fmt::format("pairs_{}", pairs), fmt::format("{:.4f}", share));
  }
}

/// Share of 600 simulated pairs of studies whose interval holds the true ratio; standard error 0.9
/// %.
double coverage_of_independent(std::size_t repetitions) {
  constexpr int kTrials = 600;
  constexpr double kTrueRatio = 0.8;
  Simulated simulated(100 + repetitions);
  int covered = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    const std::vector<double> a = simulated.rates(repetitions, 40 * kTrueRatio, 0.05);
    const std::vector<double> b = simulated.rates(repetitions, 40, 0.05);
    const Interval ratio = compare_one(a, b, {.design = Design::independent}).ratio.value();
    if (ratio.low <= kTrueRatio && kTrueRatio <= ratio.high) ++covered;
  }
  return static_cast<double>(covered) / kTrials;
}

TEST(CompareTest, TheIntervalOfTwoStudiesCoversAsOftenAsItSays) {
  for (const std::size_t repetitions : {3U, 4U, 5U, 7U, 10U, 20U}) {
    const double share = coverage_of_independent(repetitions);
    EXPECT_GE(share, 0.92) << repetitions;
    RecordProperty(fmt::format("n_{}", repetitions), fmt::format("{:.3f}", share));
  }
}

TEST(CompareTest, AReportFullOfNoDifferencesClaimsAlmostNone) {
  Simulated simulated(11);
  std::vector<std::vector<double>> values(400);
  for (std::vector<double>& side : values) side = simulated.rates(12, 5, 0.05);
  std::vector<Sides> sides;
  for (std::size_t i = 0; i < 400; i += 2) sides.push_back({values[i], values[i + 1]});
  int claims = 0;
  for (const Comparison& result : compare(sides)) {
    claims += result.verdict == Verdict::faster || result.verdict == Verdict::slower;
  }
  EXPECT_LE(claims, 2);
}

/// Studies of 21 tests with three blocks each: the share of tests that are claimed, in percent, and
/// of studies with any claim.
struct Power {
  double claims = 0;
  double studies = 0;
};

Power power_of(double ratio, double noise, std::uint64_t seed) {
  constexpr std::size_t kTests = 21;
  constexpr std::size_t kBlocks = 3;
  constexpr int kStudies = 100;
  Simulated simulated(seed);
  Power power;
  for (int study = 0; study < kStudies; ++study) {
    std::vector<std::vector<double>> values;
    for (std::size_t i = 0; i < kTests; ++i) {
      values.push_back(simulated.rates(kBlocks, 5 * ratio, noise));
      values.push_back(simulated.rates(kBlocks, 5, noise));
    }
    std::vector<Sides> sides;
    for (std::size_t i = 0; i < values.size(); i += 2) sides.push_back({values[i], values[i + 1]});
    double claims = 0;
    for (const Comparison& result : compare(sides)) {
      claims += result.verdict == Verdict::faster || result.verdict == Verdict::slower ? 1 : 0;
    }
    power.claims += claims / kTests * 100 / kStudies;
    power.studies += claims > 0 ? 100.0 / kStudies : 0;
  }
  return power;
}

/// bench/statistics.sh has the whole table (docs/statistics.md).
TEST(CompareTest, ThreeBlocksHaveThePowerThatIsPromised) {
  EXPECT_GE(power_of(14, 0.05, 901).claims, 99);
  EXPECT_GE(power_of(14, 0.20, 902).claims, 99);
  EXPECT_GE(power_of(2, 0.10, 903).claims, 95);
  EXPECT_GE(power_of(1.2, 0.05, 904).claims, 50);
}

TEST(CompareTest, StudiesOfTwinsClaimAlmostNothing) {
  for (const double noise : {0.02, 0.05, 0.10, 0.20}) {
    EXPECT_LE(power_of(1, noise, 905).studies, 8) << noise;  // 5, with the error of 100 studies
  }
}

TEST(CompareTest, QuietArmsThatAreTheSameAreCalledSo) {
  const Tally tally = simulate(1, 0.01, 10, Design::paired);
  EXPECT_GE(tally.same, 180);
}

TEST(CompareTest, ADifferenceOfThreeTimesTheNoiseIsFound) {
  const Tally tally = simulate(1.2, 0.05, 10, Design::paired);
  EXPECT_GE(tally.faster, 180);
  EXPECT_EQ(tally.slower, 0);
}

}  // namespace
}  // namespace ub::stats
