#include "uringbench/stats/histogram.hpp"

#include <cmath>

#include "uringbench/base/check.hpp"

namespace ub::stats {
namespace {

constexpr double kSamplesBeyond = 10;
/// Products like 0.9 * 100 miss their integer by a few ulp in either direction.
constexpr double kSlack = 1e-9;
constexpr std::uint64_t kEndless = std::numeric_limits<std::uint64_t>::max();

std::optional<double> as_double(const std::optional<std::uint64_t>& value) {
  return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
}

}  // namespace

std::uint64_t samples_needed(double q) {
  check(q >= 0 && q <= 1, "a quantile is named by a number from 0 to 1");
  const double beyond = std::min(q, 1 - q);
  const double needed = std::ceil(kSamplesBeyond / beyond * (1 - kSlack));
  return needed < 1e18 ? static_cast<std::uint64_t>(needed) : kEndless;
}

void Histogram::merge(const Histogram& other) {
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    buckets_[bucket] += other.buckets_[bucket];
  }
  count_ += other.count_;
  overflow_ += other.overflow_;
  sum_ns_ += other.sum_ns_;
  min_ns_ = std::min(min_ns_, other.min_ns_);
  max_ns_ = std::max(max_ns_, other.max_ns_);
}

std::optional<std::uint64_t> Histogram::min() const {
  return count_ == 0 ? std::nullopt : std::optional(min_ns_);
}

std::optional<std::uint64_t> Histogram::max() const {
  return count_ == 0 ? std::nullopt : std::optional(max_ns_);
}

std::optional<double> Histogram::mean() const {
  if (count_ == 0) return std::nullopt;
  return sum_ns_ / static_cast<double>(count_);
}

std::optional<double> Histogram::quantile(double q) const {
  if (count_ < samples_needed(q)) return std::nullopt;
  const auto rank = static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(count_) - kSlack));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    seen += buckets_[bucket];
    if (seen < rank) continue;
    const HistogramRow row = row_of(bucket, 0);
    const double middle =
        (static_cast<double>(row.lower_ns) + static_cast<double>(row.upper_ns - 1)) / 2;
    return std::clamp(middle, static_cast<double>(min_ns_), static_cast<double>(max_ns_));
  }
  return std::nullopt;
}

HistogramSummary Histogram::summary() const {
  return {.count = count_,
          .min = as_double(min()),
          .p50 = quantile(0.5),
          .p90 = quantile(0.9),
          .p99 = quantile(0.99),
          .p999 = quantile(0.999),
          .p9999 = quantile(0.9999),
          .max = as_double(max()),
          .mean = mean()};
}

HistogramDump Histogram::dump() const {
  HistogramDump result;
  if (count_ == 0) return result;
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    if (buckets_[bucket] != 0) result.rows.push_back(row_of(bucket, buckets_[bucket]));
  }
  if (overflow_ != 0) result.rows.push_back({kRangeNs, kEndless, overflow_});
  result.min_ns = min_ns_;
  result.max_ns = max_ns_;
  result.sum_ns = sum_ns_;
  return result;
}

std::optional<Histogram> Histogram::restore(const HistogramDump& dump) {
  Histogram result;
  for (const HistogramRow& row : dump.rows) {
    if (!result.add(row)) return std::nullopt;
  }
  if (result.count_ == 0) return result;
  const HistogramRow& first = dump.rows.front();
  const HistogramRow& last = dump.rows.back();
  const bool min_fits = dump.min_ns >= first.lower_ns && dump.min_ns < first.upper_ns;
  const std::uint64_t last_ns = last.upper_ns == kEndless ? kEndless : last.upper_ns - 1;
  const bool max_fits = dump.max_ns >= last.lower_ns && dump.max_ns <= last_ns;
  if (!min_fits || !max_fits || dump.min_ns > dump.max_ns || !(dump.sum_ns >= 0))
    return std::nullopt;
  result.min_ns_ = dump.min_ns;
  result.max_ns_ = dump.max_ns;
  result.sum_ns_ = dump.sum_ns;
  return result;
}

HistogramRow Histogram::row_of(std::size_t bucket, std::uint64_t count) {
  if (bucket < kLinearNs) return {bucket, bucket + 1, count};
  const std::size_t dropped = (bucket >> kSubBits) - 1;
  const std::uint64_t kept = bucket - (dropped << kSubBits);
  return {kept << dropped, (kept + 1) << dropped, count};
}

/// Rows must come in ascending order, each once, with the bounds of a bucket of this layout.
bool Histogram::add(const HistogramRow& row) {
  if (row.count == 0 || row.count > kEndless - count_ || overflow_ != 0) return false;
  if (row.lower_ns == kRangeNs && row.upper_ns == kEndless) {
    overflow_ = row.count;
  } else {
    if (row.lower_ns >= kRangeNs) return false;
    const std::size_t bucket = bucket_of(row.lower_ns);
    if (row_of(bucket, row.count) != row) return false;
    if (count_ != 0 && row.lower_ns <= max_ns_) return false;
    buckets_[bucket] = row.count;
    max_ns_ = row.lower_ns;
  }
  count_ += row.count;
  return true;
}

}  // namespace ub::stats
