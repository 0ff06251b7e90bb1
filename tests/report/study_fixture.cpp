#include "study_fixture.hpp"

#include "fixtures.hpp"

namespace ub::report {
namespace {

/// -1 to 1, different for each block and mode, and without a trend.
double wobble(std::uint32_t block, std::uint32_t mode) {
  constexpr std::uint32_t kSteps = 21;
  return static_cast<double>((block * block * (mode + 1) + block * 8 + mode * 5) % kSteps) / 10.0 -
         1.0;
}

struct Arm {
  EngineKind engine;
  const char* path;
  Family family;
  double ratio;
  double noise;
};

constexpr std::uint64_t kSize = 4096;

struct CostArm {
  EngineKind engine;
  const char* path;
  Family family;
  double fixed_ns;
  double ns_per_byte;
};

Sample costing(const CostArm& arm, std::uint64_t size_bytes, double noise, std::uint32_t block) {
  const double ns = (arm.fixed_ns + arm.ns_per_byte * static_cast<double>(size_bytes)) * noise;
  const double gbps = static_cast<double>(size_bytes) * 8 / ns;
  return sample_of(case_of(arm.engine, arm.path, arm.family, size_bytes), gbps, block);
}

}  // namespace

std::vector<Sample> verdict_samples(std::uint32_t blocks) {
  const std::vector<Arm> arms{
      {EngineKind::pthread, "two-copy", Family::two_copy, 1.0, 0.005},
      {EngineKind::epoll, "two-copy", Family::two_copy, 1.2, 0.01},
      {EngineKind::pthread, "gather", Family::one_copy, 0.9, 0.01},
      {EngineKind::epoll, "gather", Family::one_copy, 1.003, 0.004},
      {EngineKind::uring, "two-copy", Family::two_copy, 1.04, 0.2},
  };
  std::vector<Sample> samples;
  for (std::uint32_t block = 0; block < blocks; ++block) {
    const double drift = 1.0 - 0.01 * block;
    std::uint32_t mode = 0;
    for (const Arm& arm : arms) {
      const double gbps = 25.0 * drift * arm.ratio * (1 + arm.noise * wobble(block, mode++));
      samples.push_back(sample_of(case_of(arm.engine, arm.path, arm.family, kSize), gbps, block));
    }
  }
  return samples;
}

std::vector<Sample> crossing_samples(std::uint32_t blocks) {
  const std::vector<CostArm> arms{
      {EngineKind::uring, "two-copy", Family::two_copy, 1000, 0.25},
      {EngineKind::uring, "send-zc", Family::zero_copy, 3400, 0.10},
      {EngineKind::uring, "fixed", Family::one_copy, 800, 0.05},
  };
  std::vector<Sample> samples;
  for (std::uint32_t block = 0; block < blocks; ++block) {
    for (std::uint64_t size_bytes = 1024; size_bytes <= 262144; size_bytes *= 4) {
      std::uint32_t mode = 0;
      for (const CostArm& arm : arms) {
        const double noise =
            1 + 0.02 * wobble(block + static_cast<std::uint32_t>(size_bytes % 7), mode++);
        samples.push_back(costing(arm, size_bytes, noise, block));
      }
    }
  }
  return samples;
}

std::vector<Sample> scaled_samples(std::vector<Sample> samples, double factor) {
  for (Sample& sample : samples) {
    sample.message_rate *= factor;
    sample.goodput_bps *= factor;
  }
  return samples;
}

}  // namespace ub::report
