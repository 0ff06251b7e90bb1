#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>
#include <vector>

namespace ub::stats {

/// Simulated repetitions for coverage and error rates. Only std::mt19937_64, whose sequence the
/// standard fixes, so a seed means the same data with every library.
class Simulated {
 public:
  explicit Simulated(std::uint64_t seed) : random_(seed) {}

  /// In (0, 1).
  double uniform() { return (static_cast<double>(random_() >> 11) + 0.5) * 0x1p-53; }

  /// Standard normal (Box and Muller).
  double normal() {
    return std::sqrt(-2 * std::log(uniform())) * std::cos(2 * std::numbers::pi * uniform());
  }

  /// A measurement with median `centre`: log-normal noise, and one run in twenty is 18 % slow, as
  /// when the hypervisor puts two CPUs far apart.
  double rate(double centre, double noise) {
    const double far = uniform() < 0.05 ? 0.82 : 1.0;
    return centre * far * std::exp(noise * normal());
  }

  std::vector<double> rates(std::size_t count, double centre, double noise) {
    std::vector<double> result(count);
    for (double& value : result) value = rate(centre, noise);
    return result;
  }

  /// For the code under test.
  std::uint64_t seed() { return random_(); }

 private:
  std::mt19937_64 random_;
};

}  // namespace ub::stats
