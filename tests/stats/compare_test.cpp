#include "uringbench/stats/compare.hpp"

#include <gtest/gtest.h>

#include <array>
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
  EXPECT_DOUBLE_EQ(result.p_value.value(), 2.0 / 256);
  EXPECT_DOUBLE_EQ(result.p_adjusted.value(), 2.0 / 256);
  EXPECT_FALSE(result.more_blocks.has_value());
  EXPECT_EQ(compare_one(scaled(0.8), kBase).verdict, Verdict::slower);
}

TEST(CompareTest, OfCostsTheSmallerIsFaster) {
  const CompareOptions costs{.better = Better::lower};
  EXPECT_EQ(compare_one(scaled(1.2), kBase, costs).verdict, Verdict::slower);
  EXPECT_EQ(compare_one(scaled(0.8), kBase, costs).verdict, Verdict::faster);
}

TEST(CompareTest, ARealButSmallDifferenceIsTheSame) {
  const Comparison result = compare_one(scaled(1.02), kBase);
  EXPECT_LE(result.p_value.value(), 0.05);
  EXPECT_EQ(result.verdict, Verdict::same);
  EXPECT_EQ(compare_one(scaled(1.02), kBase, {.min_effect = 0.01}).verdict, Verdict::faster);
}

TEST(CompareTest, ADifferenceBelowTheNoiseFloorIsTheSame) {
  const Comparison result = compare_one(scaled(1.2), kBase, {}, 0.25);
  EXPECT_DOUBLE_EQ(result.threshold, 0.25);
  EXPECT_EQ(result.verdict, Verdict::same);
}

TEST(CompareTest, TheThresholdIsTheSameInBothDirections) {
  EXPECT_EQ(compare_one(scaled(1.19), kBase, {.min_effect = 0.2}).verdict, Verdict::same);
  EXPECT_EQ(compare_one(scaled(1 / 1.19), kBase, {.min_effect = 0.2}).verdict, Verdict::same);
  EXPECT_EQ(compare_one(scaled(1 / 1.22), kBase, {.min_effect = 0.2}).verdict, Verdict::slower);
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

TEST(CompareTest, FiveBlocksCannotBeSignificantAndSaySo) {
  const std::vector<double> a = scaled(2);
  const Comparison result = compare_one(std::span(a).first(5), std::span(kBase).first(5));
  EXPECT_EQ(result.verdict, Verdict::undecided);
  EXPECT_DOUBLE_EQ(result.p_value.value(), 0.0625);
  EXPECT_NEAR(result.ratio->level, 0.9375, 1e-12);
  EXPECT_EQ(result.more_blocks, 3U);
}

TEST(CompareTest, AClaimNeedsTheIntervalAsWellAsTheTest) {
  const std::vector<double> a{0.99, 0.98, 1.2, 1.25, 1.3, 1.28, 1.22, 1.35};
  const Comparison result = compare_one(a, std::vector<double>(8, 1.0));
  EXPECT_LE(result.p_adjusted.value(), 0.05);
  EXPECT_LT(result.ratio->low, 1);
  EXPECT_EQ(result.verdict, Verdict::undecided);
}

TEST(CompareTest, FourBlocksAreTooFewToBeTheSame) {
  const std::vector<double> five(5, 7.0);
  EXPECT_EQ(compare_one(five, five).verdict, Verdict::same);
  const std::span<const double> four = std::span(five).first(4);
  EXPECT_EQ(compare_one(four, four).verdict, Verdict::undecided);
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
  const std::vector<double> real = scaled(1.2);
  const std::vector<double> none = scaled(1);
  std::vector<Arms> arms(20, Arms{none, kBase});
  arms.front() = Arms{real, kBase};
  const std::vector<Comparison> results = compare(arms);
  EXPECT_NEAR(results.front().p_adjusted.value(), 20 * 2.0 / 256, 1e-12);
  EXPECT_EQ(results.front().verdict, Verdict::undecided) << "one in 20 is to be expected by chance";
  // ceil(1 + log2(20 / 0.05)) = 10 blocks.
  EXPECT_GE(results.front().more_blocks.value(), 2U);
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
