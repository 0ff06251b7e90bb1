#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "writing.hpp"

namespace ub::report {
namespace {

TEST(Numbers, ThreeSignificantDigits) {
  EXPECT_EQ(short_number(0), "0");
  EXPECT_EQ(short_number(0.0123), "0.0123");
  EXPECT_EQ(short_number(0.64), "0.640");
  EXPECT_EQ(short_number(1), "1.00");
  EXPECT_EQ(short_number(56.24), "56.2");
  EXPECT_EQ(short_number(99.96), "100");
  EXPECT_EQ(short_number(12345), "12345");
  EXPECT_EQ(short_number(1.24e6), "1.2e+06");
  EXPECT_EQ(short_number(0.00012), "1.2e-04");
}

TEST(Numbers, NoneIsLongerThanItsColumn) {
  for (int exponent = -307; exponent < 308; ++exponent) {
    for (const double digits : {1.0, 9.9949, 9.9951, 9.99999}) {
      const double value = digits * std::pow(10.0, exponent);
      EXPECT_LE(short_number(value).size(), 8U) << value;
      EXPECT_LE(short_count(value).size(), 8U) << value;
      EXPECT_LE(ratio_number(value).size(), 8U) << value;
      EXPECT_LE(percent(value).size(), 5U) << value;
      EXPECT_LE(spread_number(value).size(), 6U) << value;
    }
  }
  EXPECT_LE(short_number(std::numeric_limits<double>::max()).size(), 8U);
}

TEST(Numbers, ARatioHasThreeDecimalsAtTheMost) {
  EXPECT_EQ(ratio_number(0.0792), "0.079");
  EXPECT_EQ(ratio_number(0.0034), "0.003");
  EXPECT_EQ(ratio_number(0.522), "0.522");
  EXPECT_EQ(ratio_number(0), "0");
}

TEST(Numbers, ASpreadSaysWhenItIsSmall) {
  EXPECT_EQ(spread_number(0), "+-0%");
  EXPECT_EQ(spread_number(0.0004), "<0.1%");
  EXPECT_EQ(spread_number(0.0256), "+-2.6%");
  EXPECT_EQ(spread_number(0.154), "+-15%");
  EXPECT_EQ(spread_number(11), ">999%");
}

TEST(Numbers, CountsBeyondThePrefixesGetAnExponent) {
  EXPECT_EQ(short_count(26.1e6), "26.1 M");
  EXPECT_EQ(short_count(1.5e15), "1.5e+15");
}

TEST(Numbers, APercentageIsNeverRoundedToAllOrNothing) {
  EXPECT_EQ(percent(1), "100%");
  EXPECT_EQ(percent(0.99999), "99.9%");
  EXPECT_EQ(percent(0.998), "99.8%");
  EXPECT_EQ(percent(0.0000001), "<0.1%");
  EXPECT_EQ(percent(0), "0%");
  EXPECT_EQ(percent(1.3), "130%");
  EXPECT_EQ(percent(1e9), ">999%");
}

}  // namespace
}  // namespace ub::report
