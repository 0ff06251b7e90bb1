#include "uringbench/stats/compare.hpp"

#include <gtest/gtest.h>

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
  return compare(std::array{Arms{a, b, noise_floor}}, options).front();
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
  const double alone = compare(std::array{Arms{a, one}}).front().p_value.value();
  const std::vector<Comparison> together =
      compare(std::array{Arms{a, one}, Arms{quiet, one}, Arms{quiet, one}, Arms{quiet, one}});
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
  const std::array arms{Arms{zeros, kBase}, Arms{a, kBase}, Arms{{}, {}}};
  const std::vector<Comparison> results = compare(arms);
  EXPECT_EQ(results[0].verdict, Verdict::undecided);
  EXPECT_FALSE(results[0].ratio.has_value());
  EXPECT_FALSE(results[0].p_value.has_value());
  EXPECT_FALSE(results[2].p_value.has_value());
  EXPECT_EQ(results[1].p_adjusted, results[1].p_value) << "the others are not tests";
}

TEST(CompareTest, ManyComparisonsAreAdjustedTogether) {
  const std::vector<double> real = scaled(1.05);
  const std::vector<double> none = scaled(1);
  std::vector<Arms> arms(20, Arms{none, kBase});
  arms.front() = Arms{real, kBase};
  const std::vector<Comparison> results = compare(arms);
  EXPECT_NEAR(results.front().p_adjusted.value(), 20 * results.front().p_value.value(), 1e-12);
}

TEST(CompareTest, IndependentStudiesMayDifferInLength) {
  const CompareOptions independent{.design = Design::independent};
  const std::vector<double> a = scaled(1.3);
  const Comparison result = compare_one(std::span(a).first(6), kBase, independent);
  EXPECT_EQ(result.verdict, Verdict::faster);
  EXPECT_DOUBLE_EQ(result.p_value.value(), 1.0 / 3003) << "one of C(14, 6)";
  const CompareOptions coarse{.design = Design::independent, .min_effect = 0.06};
  EXPECT_EQ(compare_one(scaled(1), kBase, coarse).verdict, Verdict::same);
  EXPECT_EQ(compare_one(std::span(a).first(3), kBase, independent).verdict, Verdict::undecided);
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
  }
}

TEST(CompareTest, AReportFullOfNoDifferencesClaimsAlmostNone) {
  Simulated simulated(11);
  std::vector<std::vector<double>> values(400);
  for (std::vector<double>& side : values) side = simulated.rates(12, 5, 0.05);
  std::vector<Arms> arms;
  for (std::size_t i = 0; i < 400; i += 2) arms.push_back({values[i], values[i + 1]});
  int claims = 0;
  for (const Comparison& result : compare(arms)) {
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
    std::vector<Arms> arms;
    for (std::size_t i = 0; i < values.size(); i += 2) arms.push_back({values[i], values[i + 1]});
    double claims = 0;
    for (const Comparison& result : compare(arms)) {
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
