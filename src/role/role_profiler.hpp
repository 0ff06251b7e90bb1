#pragma once

#include <string>

#include "uringbench/perf/sampler.hpp"
#include "uringbench/protocol/metering.hpp"
#include "uringbench/protocol/profile_report.hpp"

namespace ub::role {

/// Samples this process, or the CPUs it is pinned to, during one window. Made before the role's
/// threads start, so that each of them inherits the sampling. What keeps it from sampling is kept
/// until the end: a role without a profile still measures.
class RoleProfiler {
 public:
  /// `cpus`: those the role is pinned to. `duration_ns`: of the window, for the room it needs.
  RoleProfiler(const protocol::Metering& metering, const std::string& cpus,
               std::uint64_t duration_ns);

  void start();
  /// To be called every kDrainNs or more often while it runs; a ring of the kernel holds some
  /// seconds.
  void drain();
  void stop();
  [[nodiscard]] bool running() const { return running_; }

  /// After stop(), once. Names every address, which takes some 0.1 s.
  [[nodiscard]] OrUnavailable<protocol::ProfileReport> report(const perf::TimeWindow& window);

  static constexpr std::uint64_t kDrainNs = 500'000'000;

 private:
  ProfileScope scope_;
  OrUnavailable<perf::Sampler> sampler_;
  bool running_ = false;
};

}  // namespace ub::role
