#include "uringbench/stats/histogram.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace ub::stats {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

/// The same definition of a quantile, on the raw values: the ceil(q n)-th smallest.
double exact_quantile(std::vector<std::uint64_t> values, double q) {
  std::sort(values.begin(), values.end());
  const auto rank =
      static_cast<std::size_t>(std::ceil(q * static_cast<double>(values.size()) - 1e-9));
  return static_cast<double>(values[rank - 1]);
}

void expect_quantiles_within(const std::vector<std::uint64_t>& values, double relative_error) {
  Histogram histogram;
  for (const std::uint64_t value : values) histogram.record(value);
  for (const double q : {0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999}) {
    const std::optional<double> measured = histogram.quantile(q);
    ASSERT_TRUE(measured.has_value()) << q;
    const double exact = exact_quantile(values, q);
    EXPECT_NEAR(*measured, exact, relative_error * exact) << q;
  }
}

TEST(HistogramTest, SmallValuesAreExact) {
  std::vector<std::uint64_t> values;
  for (std::uint64_t i = 0; i < 20'000; ++i) values.push_back(i % 256);
  expect_quantiles_within(values, 0);
}

TEST(HistogramTest, QuantilesOfUniformValuesAreWithinTheError) {
  std::vector<std::uint64_t> values;
  for (std::uint64_t i = 1; i <= 100'000; ++i) values.push_back(i * 37);
  expect_quantiles_within(values, 0.004);
}

TEST(HistogramTest, QuantilesOfALongTailAreWithinTheError) {
  std::mt19937_64 random(7);
  std::vector<std::uint64_t> values;
  for (int i = 0; i < 50'000; ++i) {
    const double exponent = 11.0 * static_cast<double>(random() >> 11) * 0x1p-53;
    values.push_back(static_cast<std::uint64_t>(std::pow(10.0, exponent)));
  }
  expect_quantiles_within(values, 0.004);
}

TEST(HistogramTest, EveryBucketIsAtMostOnePercentWideAndMeetsTheNext) {
  Histogram histogram;
  for (std::uint64_t value = 0; value < 100 * kSecond; value += 1 + value / 300)
    histogram.record(value);
  const HistogramDump dump = histogram.dump();
  std::uint64_t edge = 0;
  for (const HistogramRow& row : dump.rows) {
    ASSERT_EQ(row.lower_ns, edge);
    edge = row.upper_ns;
    const auto width = static_cast<double>(row.upper_ns - row.lower_ns);
    if (width > 1) {
      ASSERT_LE(width, 0.008 * static_cast<double>(row.lower_ns));
    }
  }
  EXPECT_GT(edge, 99 * kSecond);
}

TEST(HistogramTest, CountMinMaxAndMeanAreExact) {
  Histogram histogram;
  for (const std::uint64_t value : {123'456'789ULL, 1ULL, 98'765'432'101ULL})
    histogram.record(value);
  EXPECT_EQ(histogram.count(), 3U);
  EXPECT_EQ(histogram.min(), 1U);
  EXPECT_EQ(histogram.max(), 98'765'432'101U);
  EXPECT_DOUBLE_EQ(*histogram.mean(), (123'456'789.0 + 1 + 98'765'432'101.0) / 3);
}

TEST(HistogramTest, AnEmptyHistogramHasNoFigures) {
  const HistogramSummary expected{};
  EXPECT_EQ(Histogram{}.summary(), expected);
  EXPECT_FALSE(Histogram{}.mean().has_value());
  EXPECT_TRUE(Histogram{}.dump().rows.empty());
}

TEST(HistogramTest, SamplesNeededLeaveTenBeyondTheQuantile) {
  EXPECT_EQ(samples_needed(0.5), 20U);
  EXPECT_EQ(samples_needed(0.9), 100U);
  EXPECT_EQ(samples_needed(0.1), 100U);
  EXPECT_EQ(samples_needed(0.99), 1'000U);
  EXPECT_EQ(samples_needed(0.999), 10'000U);
  EXPECT_EQ(samples_needed(0.9999), 100'000U);
  EXPECT_EQ(samples_needed(1), std::numeric_limits<std::uint64_t>::max());
}

TEST(HistogramTest, AQuantileAppearsWithItsLastNeededSample) {
  Histogram histogram;
  for (int i = 0; i < 999; ++i) histogram.record(5000);
  EXPECT_TRUE(histogram.quantile(0.9).has_value());
  EXPECT_FALSE(histogram.quantile(0.99).has_value());
  EXPECT_FALSE(histogram.summary().p99.has_value());
  histogram.record(5000);
  EXPECT_DOUBLE_EQ(histogram.quantile(0.99).value(), 5000);
  EXPECT_FALSE(histogram.summary().p999.has_value());
  EXPECT_DOUBLE_EQ(histogram.summary().p90.value(), 5000);
}

TEST(HistogramTest, ValuesAboveTheRangeAreCountedAndShowInMax) {
  Histogram histogram;
  for (int i = 0; i < 150; ++i) histogram.record(1000);
  for (int i = 0; i < 50; ++i) histogram.record(400 * kSecond);
  EXPECT_EQ(histogram.count(), 200U);
  EXPECT_EQ(histogram.overflow_count(), 50U);
  EXPECT_EQ(histogram.max(), 400 * kSecond);
  EXPECT_NEAR(*histogram.mean(), 100e9 + 750, 1);
  EXPECT_NEAR(histogram.quantile(0.5).value(), 1000, 4);
  EXPECT_FALSE(histogram.quantile(0.9).has_value()) << "only a lower bound of it is known";
  EXPECT_EQ(histogram.dump().rows.back().count, 50U);
}

TEST(HistogramTest, MergingEqualsRecordingIntoOne) {
  Histogram left;
  Histogram right;
  Histogram both;
  std::mt19937_64 random(3);
  for (int i = 0; i < 3000; ++i) {
    const std::uint64_t value = random() >> (random() % 40 + 24);
    (i % 3 == 0 ? left : right).record(value);
    both.record(value);
  }
  left.merge(right);
  EXPECT_EQ(left.dump().rows, both.dump().rows);
  EXPECT_EQ(left.summary().p99, both.summary().p99);
  EXPECT_EQ(left.min(), both.min());
  EXPECT_EQ(left.max(), both.max());
  EXPECT_NEAR(*left.mean(), *both.mean(), 1e-6 * *both.mean());
}

TEST(HistogramTest, MergingAnEmptyHistogramChangesNothing) {
  Histogram histogram;
  histogram.record(77);
  const HistogramDump before = histogram.dump();
  histogram.merge(Histogram{});
  EXPECT_EQ(histogram.dump(), before);
}

TEST(HistogramTest, RowsCarryBoundsAndCounts) {
  Histogram histogram;
  for (const std::uint64_t value : {3ULL, 3ULL, 300ULL, 301ULL, 1024ULL}) histogram.record(value);
  const std::vector<HistogramRow> expected{{3, 4, 2}, {300, 302, 2}, {1024, 1032, 1}};
  EXPECT_EQ(histogram.dump().rows, expected);
}

TEST(HistogramTest, ARestoredHistogramIsTheSame) {
  Histogram histogram;
  for (std::uint64_t i = 1; i < 30'000; ++i) histogram.record(i * i * 211);
  const std::optional<Histogram> restored = Histogram::restore(histogram.dump());
  ASSERT_TRUE(restored.has_value());
  EXPECT_GT(restored->overflow_count(), 0U);
  EXPECT_EQ(restored->dump(), histogram.dump());
  EXPECT_EQ(restored->summary(), histogram.summary());
  EXPECT_TRUE(Histogram::restore({}).has_value());
}

TEST(HistogramTest, ADumpOfAnotherLayoutIsRefused) {
  const HistogramDump good{{{300, 302, 2}, {1024, 1032, 1}}, 300, 1024, 1625};
  ASSERT_TRUE(Histogram::restore(good).has_value());
  const auto refused = [&good](auto&& damage) {
    HistogramDump dump = good;
    damage(dump);
    return !Histogram::restore(dump).has_value();
  };
  EXPECT_TRUE(refused([](HistogramDump& dump) { dump.rows[0].upper_ns = 303; }));
  EXPECT_TRUE(refused([](HistogramDump& dump) { dump.rows[0].lower_ns = 301; }));
  EXPECT_TRUE(refused([](HistogramDump& dump) { dump.rows[0].count = 0; }));
  EXPECT_TRUE(refused([](HistogramDump& dump) { dump.rows[1].lower_ns = Histogram::kRangeNs; }));
  EXPECT_TRUE(refused([](HistogramDump& dump) { std::swap(dump.rows[0], dump.rows[1]); }));
  EXPECT_TRUE(refused([](HistogramDump& dump) { dump.rows[1] = dump.rows[0]; }));
  EXPECT_TRUE(refused([](HistogramDump& dump) { dump.rows[1].count = ~std::uint64_t{0}; }));
  EXPECT_TRUE(refused([](HistogramDump& dump) { dump.min_ns = 299; }));
  EXPECT_TRUE(refused([](HistogramDump& dump) { dump.max_ns = 1032; }));
  EXPECT_TRUE(refused([](HistogramDump& dump) { dump.sum_ns = std::nan(""); }));
}

}  // namespace
}  // namespace ub::stats
