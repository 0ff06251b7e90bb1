#pragma once

#include <memory>

#include "uringbench/model/environment.hpp"
#include "uringbench/plan/options.hpp"
#include "uringbench/run/fleet.hpp"
#include "uringbench/uring/probe.hpp"

namespace ub::cli {

/// Where a study runs: on this machine, or on two hosts.
class Site {
 public:
  /// Reaches the hosts. Throws UsageError and SetupError.
  explicit Site(const Hosts& hosts);

  /// Features of the kernel that the server runs on.
  [[nodiscard]] const uring::Probe& probe() const { return probe_; }
  /// With what the ends may use, for the plan.
  [[nodiscard]] plan::StudyOptions fitted(plan::StudyOptions options) const;
  /// The environment of what `plan` will measure. Throws UsageError where it is not clear which
  /// card that is.
  Environment describe(const Plan& plan);
  /// Null on this machine.
  [[nodiscard]] run::Fleet* fleet() { return fleet_.get(); }

 private:
  std::unique_ptr<run::Fleet> fleet_;
  uring::Probe probe_;
};

/// Throws UsageError when `hosts` names another than this machine: `command` cannot go there.
void require_one_machine(const Hosts& hosts, const char* command);

}  // namespace ub::cli
