#include "uringbench/base/units.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace ub {
namespace {

TEST(ParseSizeTest, TakesBytesAndPowersOf1024) {
  EXPECT_EQ(parse_size("0"), 0U);
  EXPECT_EQ(parse_size("64"), 64U);
  EXPECT_EQ(parse_size("64B"), 64U);
  EXPECT_EQ(parse_size("4K"), 4096U);
  EXPECT_EQ(parse_size("4k"), 4096U);
  EXPECT_EQ(parse_size("4KB"), 4096U);
  EXPECT_EQ(parse_size("4KiB"), 4096U);
  EXPECT_EQ(parse_size("1M"), 1U << 20U);
  EXPECT_EQ(parse_size("2G"), 2ULL << 30U);
}

TEST(ParseSizeTest, RefusesEverythingElse) {
  for (const char* text : {"", "K", "B", "iB", "-1", "+1", "1.5K", "1 K", " 1", "1KK", "1T", "0x10",
                           "1e3", "K1", "1,000", "99999999999999999999"}) {
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
  }
}

TEST(ParseSizeTest, RefusesWhatDoesNotFit63Bits) {
  EXPECT_EQ(parse_size("9223372036854775807"), 9223372036854775807U);
  EXPECT_EQ(parse_size("9223372036854775808"), std::nullopt);
  EXPECT_EQ(parse_size("8589934591G"), 8589934591ULL << 30U);
  EXPECT_EQ(parse_size("8589934592G"), std::nullopt);
}

TEST(FormatSizeTest, IsTheShortestFormThatIsReadBackExactly) {
  EXPECT_EQ(format_size(0), "0");
  EXPECT_EQ(format_size(1023), "1023");
  EXPECT_EQ(format_size(1024), "1K");
  EXPECT_EQ(format_size(1536), "1536");
  EXPECT_EQ(format_size(3U << 20U), "3M");
  EXPECT_EQ(format_size((1U << 20U) + 3), "1048579");
  EXPECT_EQ(format_size(1ULL << 40U), "1024G");
  for (const std::uint64_t size : {1ULL, 1000ULL, 4096ULL, 5ULL << 30U, 12345678ULL}) {
    EXPECT_EQ(parse_size(format_size(size)), size);
  }
}

TEST(ParseDurationTest, NeedsAUnit) {
  EXPECT_EQ(parse_duration_ns("5ns"), 5U);
  EXPECT_EQ(parse_duration_ns("500us"), 500'000U);
  EXPECT_EQ(parse_duration_ns("200ms"), 200'000'000U);
  EXPECT_EQ(parse_duration_ns("2s"), 2'000'000'000U);
  EXPECT_EQ(parse_duration_ns("1.5s"), 1'500'000'000U);
  EXPECT_EQ(parse_duration_ns("1m"), 60'000'000'000U);
  EXPECT_EQ(parse_duration_ns("1h"), 3'600'000'000'000U);
  EXPECT_EQ(parse_duration_ns("0s"), 0U);
}

TEST(ParseDurationTest, RefusesEverythingElse) {
  for (const char* text : {"", "1", "s", "ms", "-1s", "+1s", "1 s", "1d", "infs", "nanms", "nans",
                           "1e30s", "0x1s", "1,5s", "1s1"}) {
    EXPECT_EQ(parse_duration_ns(text), std::nullopt) << text;
  }
}

TEST(FormatDurationTest, GivesThreeDigits) {
  EXPECT_EQ(format_duration(0), "0 ns");
  EXPECT_EQ(format_duration(12), "12 ns");
  EXPECT_EQ(format_duration(350'000), "350 us");
  EXPECT_EQ(format_duration(20'000'000), "20 ms");
  EXPECT_EQ(format_duration(1'250'000'000), "1.25 s");
  EXPECT_EQ(format_duration(999'600), "1 ms");
  EXPECT_EQ(format_duration(-1'500'000), "-1.5 ms");
  EXPECT_EQ(format_duration(123e9), "123 s");
}

TEST(FormatCountTest, GivesThreeDigitsAndADecimalPrefix) {
  EXPECT_EQ(format_count(0), "0");
  EXPECT_EQ(format_count(12), "12");
  EXPECT_EQ(format_count(950'000), "950 k");
  EXPECT_EQ(format_count(13'400'000), "13.4 M");
  EXPECT_EQ(format_count(2.5e9), "2.5 G");
  EXPECT_EQ(format_count(999'600), "1 M");
}

}  // namespace
}  // namespace ub
