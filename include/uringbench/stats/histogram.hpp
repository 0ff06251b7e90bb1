#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace ub::stats {

/// `count` values v with lower_ns <= v < upper_ns.
struct HistogramRow {
  std::uint64_t lower_ns = 0;
  std::uint64_t upper_ns = 0;
  std::uint64_t count = 0;

  friend bool operator==(const HistogramRow&, const HistogramRow&) = default;
};

/// All that a histogram holds, as plain data: what a file or another process needs to restore it.
/// Rows ascend; buckets without a value have none. With no rows the other fields mean nothing.
struct HistogramDump {
  std::vector<HistogramRow> rows;
  std::uint64_t min_ns = 0;
  std::uint64_t max_ns = 0;
  double sum_ns = 0;

  friend bool operator==(const HistogramDump&, const HistogramDump&) = default;
};

/// The figures of one latency distribution in ns. A percentile without enough samples behind it
/// (samples_needed()) is nullopt, and so is everything but `count` when nothing was recorded.
struct HistogramSummary {
  std::uint64_t count = 0;
  std::optional<double> min, p50, p90, p99, p999, p9999, max, mean;

  friend bool operator==(const HistogramSummary&, const HistogramSummary&) = default;
};

/// How many samples a quantile needs: ceil(10 / min(q, 1 - q)), so that at least ten lie beyond it:
/// 20 for the median, 100 for p90, 1,000 for p99, 10,000 for p99.9. The number beyond is binomial,
/// so with ten of them the share beyond has a relative standard error of 1/sqrt(10), 32 %; with one
/// it would have 100 %. The largest uint64 for q = 0 and 1: those are min() and max(), not
/// quantiles.
std::uint64_t samples_needed(double q);

/// A latency histogram of fixed size (31 KiB): 128 equal buckets in every power of two, as in
/// HdrHistogram (Tene). Up to 256 ns every value has its own bucket; above, a bucket is at most
/// 1/128 (0.79 %) wide and quantiles, taken at its middle, are within 0.4 %. min, max, mean and
/// count are exact. Values from kRangeNs on are counted in one overflow row: in count, mean and
/// max, but a quantile that falls among them is nullopt. One writer; no locks: keep one a thread
/// and merge when the threads are done.
class Histogram {
 public:
  static constexpr unsigned kRangeBits = 37;
  static constexpr std::uint64_t kRangeNs = std::uint64_t{1} << kRangeBits;  ///< 137 s

  /// No allocation, no failure; about 4 ns where measured (EPYC VM).
  void record(std::uint64_t value_ns) {
    if (value_ns < kRangeNs) [[likely]] {
      ++buckets_[bucket_of(value_ns)];
    } else {
      ++overflow_;
    }
    ++count_;
    sum_ns_ += static_cast<double>(value_ns);
    min_ns_ = std::min(min_ns_, value_ns);
    max_ns_ = std::max(max_ns_, value_ns);
  }

  void merge(const Histogram& other);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t overflow_count() const { return overflow_; }
  [[nodiscard]] std::optional<std::uint64_t> min() const;
  [[nodiscard]] std::optional<std::uint64_t> max() const;
  [[nodiscard]] std::optional<double> mean() const;

  /// The value that ceil(q * count) of the samples do not exceed. nullopt with fewer than
  /// samples_needed(q) samples, or when the quantile lies in the overflow.
  [[nodiscard]] std::optional<double> quantile(double q) const;

  [[nodiscard]] HistogramSummary summary() const;

  [[nodiscard]] HistogramDump dump() const;
  /// nullopt when `dump` is not one of this layout: data from a file or a peer is checked, not
  /// trusted.
  static std::optional<Histogram> restore(const HistogramDump& dump);

 private:
  static constexpr unsigned kSubBits = 7;
  static constexpr std::uint64_t kLinearNs = std::uint64_t{2} << kSubBits;
  static constexpr std::size_t kBuckets = (kRangeBits - kSubBits + 1) << kSubBits;

  /// Values of 8 bits are their own index; longer ones drop all bits but their first 8, and each
  /// bit dropped moves them one group of 128 up.
  static constexpr std::size_t bucket_of(std::uint64_t value_ns) {
    const auto bits = static_cast<unsigned>(std::bit_width(value_ns | (kLinearNs - 1)));
    const unsigned dropped = bits - kSubBits - 1;
    return (std::size_t{dropped} << kSubBits) + static_cast<std::size_t>(value_ns >> dropped);
  }

  static HistogramRow row_of(std::size_t bucket, std::uint64_t count);
  bool add(const HistogramRow& row);

  std::array<std::uint64_t, kBuckets> buckets_{};
  std::uint64_t count_ = 0;
  std::uint64_t overflow_ = 0;
  std::uint64_t min_ns_ = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t max_ns_ = 0;
  double sum_ns_ = 0;
};

}  // namespace ub::stats
