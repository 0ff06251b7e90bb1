#include "uringbench/stats/drift.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "stats/series.hpp"
#include "stats/simulated.hpp"

namespace ub::stats {
namespace {

// Literals of the next two: the definitions in Python 3.11 (statistics.NormalDist for the normal
// quantile).
TEST(DriftTest, AgreesWithTheDefinition) {
  const std::vector<double> sentinels =
      series(12, [](int i) { return 50.0 * std::exp(0.012 * i) * (1 + 0.01 * ((i * 5) % 7 - 3)); });
  const Drift found = drift(sentinels).value();
  EXPECT_NEAR(found.ratio.low, 1.0815626087607604, 1e-9);
  EXPECT_NEAR(found.ratio.value, 1.1537378447043467, 1e-9);
  EXPECT_NEAR(found.ratio.high, 1.1925961249754875, 1e-9);
  EXPECT_NEAR(found.p_value, 0.004931500366306391, 1e-9);
  EXPECT_EQ(found.trend, Trend::drifting);
}

TEST(DriftTest, EqualValuesCorrectThePValue) {
  const std::vector<double> sentinels{5, 5, 6, 6, 6, 7, 5, 8, 8, 9};
  EXPECT_NEAR(drift(sentinels).value().p_value, 0.007255622276777048, 1e-9);
}

TEST(DriftTest, AQuietSeriesIsSteady) {
  const std::vector<double> sentinels{10.0, 10.05, 9.98,  10.02, 10.0,
                                      9.97, 10.03, 10.01, 9.99,  10.0};
  EXPECT_EQ(drift(sentinels).value().trend, Trend::steady);
}

TEST(DriftTest, AConstantSeriesIsSteady) {
  const Drift found = drift(std::vector<double>(9, 4.0)).value();
  EXPECT_EQ(found.trend, Trend::steady);
  EXPECT_DOUBLE_EQ(found.p_value, 1);
  EXPECT_DOUBLE_EQ(found.ratio.value, 1);
}

TEST(DriftTest, ANoisySeriesIsUndecided) {
  const std::vector<double> sentinels{10, 13, 8, 12, 9, 14, 8, 11};
  EXPECT_EQ(drift(sentinels).value().trend, Trend::undecided);
}

TEST(DriftTest, TwoStrayValuesAreNoDrift) {
  std::vector<double> sentinels(16, 10.0);
  for (std::size_t i = 0; i < sentinels.size(); ++i)
    sentinels[i] += 0.01 * static_cast<double>(i % 3);
  sentinels[13] = 4;
  sentinels[15] = 3;
  EXPECT_EQ(drift(sentinels).value().trend, Trend::steady);
}

TEST(DriftTest, TheThresholdDecidesWhatMatters) {
  const std::vector<double> sentinels = series(20, [](int i) { return 10 * std::exp(0.001 * i); });
  EXPECT_EQ(drift(sentinels, 0.03).value().trend, Trend::steady);
  EXPECT_EQ(drift(sentinels, 0.01).value().trend, Trend::drifting);
}

TEST(DriftTest, FallingDriftsToo) {
  const std::vector<double> sentinels = series(10, [](int i) { return 10 - 0.2 * i; });
  const Drift found = drift(sentinels).value();
  EXPECT_EQ(found.trend, Trend::drifting);
  EXPECT_LT(found.ratio.high, 1);
}

TEST(DriftTest, FewOrImpossibleValuesHaveNoDrift) {
  EXPECT_FALSE(drift(std::vector<double>(7, 1.0)).has_value());
  std::vector<double> sentinels(8, 1.0);
  sentinels[3] = 0;
  EXPECT_FALSE(drift(sentinels).has_value());
}

/// How often 300 simulated series that end at exp(trend) of their start were judged to drift.
double share_drifting(double trend, double* coverage) {
  Simulated simulated(77);
  int drifting = 0;
  int covered = 0;
  for (int trial = 0; trial < 300; ++trial) {
    const std::vector<double> sentinels =
        series(12, [&](int i) { return simulated.rate(std::exp(trend * i / 11), 0.03); });
    const Drift found = drift(sentinels).value();
    drifting += found.trend == Trend::drifting;
    covered += found.ratio.low <= std::exp(trend) && std::exp(trend) <= found.ratio.high;
  }
  *coverage = covered / 300.0;
  return drifting / 300.0;
}

TEST(DriftTest, DriftIsFoundAndNotInvented) {
  double coverage = 0;
  EXPECT_LE(share_drifting(0, &coverage), 0.06);
  EXPECT_NEAR(coverage, 0.95, 0.03);
  EXPECT_GE(share_drifting(0.25, &coverage), 0.95);
  EXPECT_NEAR(coverage, 0.95, 0.03);
}

}  // namespace
}  // namespace ub::stats
