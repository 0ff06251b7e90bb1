#include "uringbench/stats/permutation.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "stats/series.hpp"
#include "stats/simulated.hpp"

namespace ub::stats {
namespace {

// Literals of this file: Python 3.11, every arrangement enumerated (itertools.product,
// .combinations).

TEST(SignFlipTest, AgreesWithEnumeration) {
  const std::vector<double> differences{0.12, 0.05, -0.02, 0.08, 0.03, 0.10, 0.01};
  EXPECT_DOUBLE_EQ(sign_flip_test(differences).value(), 0.046875);
}

TEST(SignFlipTest, OneSidedBlocksReachTheSmallestP) {
  const std::vector<double> six{1, 2, 3, 4, 5, 6};
  EXPECT_DOUBLE_EQ(sign_flip_test(six).value(), 0.03125);
  EXPECT_DOUBLE_EQ(smallest_sign_flip_p(6), 0.03125);
  EXPECT_GT(smallest_sign_flip_p(5), 0.05);
}

TEST(SignFlipTest, NoDifferenceIsNoEvidence) {
  EXPECT_DOUBLE_EQ(sign_flip_test(std::vector<double>{0, 0, 0}).value(), 1);
  EXPECT_FALSE(sign_flip_test({}).has_value());
}

TEST(SignFlipTest, ManyBlocksAreSampledNearTheExactValue) {
  const std::vector<double> differences =
      series(18, [](int i) { return 0.02 * ((i * 7) % 11) - 0.07; });
  // Exact over 2^18; 20,000 random ones have a standard error of 0.0017.
  EXPECT_NEAR(sign_flip_test(differences).value(), 0.0649261, 0.006);
}

TEST(SignFlipTest, MoreThan64BlocksAreAllFlipped) {
  std::vector<double> differences(100, 0.0);
  for (std::size_t i = 64; i < 100; ++i) differences[i] = 1.0;
  EXPECT_LT(sign_flip_test(differences).value(), 0.001);
  EXPECT_GT(sign_flip_test(differences).value(), 0.0);
}

TEST(FalseDiscoveryTest, AgreesWithTheDefinition) {
  const std::vector<double> p_values{0.01, 0.04, 0.03, 0.005, 0.55, 0.03};
  const std::vector<double> expected{0.03, 0.048, 0.045, 0.03, 0.55, 0.045};
  const std::vector<double> adjusted = adjust_false_discovery(p_values);
  ASSERT_EQ(adjusted.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(adjusted[i], expected[i], 1e-12);
}

TEST(FalseDiscoveryTest, OneTestIsLeftAloneAndNoneIsNone) {
  EXPECT_EQ(adjust_false_discovery(std::vector<double>{0.2}), std::vector<double>{0.2});
  EXPECT_TRUE(adjust_false_discovery({}).empty());
}

/// Share of 1,000 simulated data sets without a difference that get p <= 0.05; standard error 0.7
/// %.
template <typename Test>
double false_positives(Test&& p_value) {
  Simulated simulated(31);
  int positives = 0;
  for (int trial = 0; trial < 1000; ++trial) {
    if (p_value(simulated) <= 0.05) ++positives;
  }
  return positives / 1000.0;
}

TEST(PermutationTest, FalsePositivesAreAsRareAsThePValueSays) {
  const double paired = false_positives([](Simulated& simulated) {
    const auto ratio = [&](int) {
      return std::log(simulated.rate(1, 0.05) / simulated.rate(1, 0.05));
    };
    return sign_flip_test(series(9, ratio)).value();
  });
  EXPECT_NEAR(paired, 0.05, 0.02);
}

}  // namespace
}  // namespace ub::stats
