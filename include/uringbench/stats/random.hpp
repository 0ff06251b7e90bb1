#pragma once

#include <cstddef>
#include <cstdint>

namespace ub::stats {

/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). Own code instead of std::uniform_int_distribution,
/// whose output the standard leaves to the library: the same seed must give the same report
/// everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
    return mixed ^ (mixed >> 31);
  }

  /// Uniform in [0, bound), bound below 2^32. The bias of multiplying is at most bound / 2^32.
  std::size_t below(std::size_t bound) {
    return static_cast<std::size_t>(((next() >> 32) * bound) >> 32);
  }

  /// Uniform in (0, 1]: never 0, so that its logarithm is finite.
  double uniform() { return (static_cast<double>(next() >> 11) + 1) * 0x1p-53; }

 private:
  std::uint64_t state_;
};

}  // namespace ub::stats
