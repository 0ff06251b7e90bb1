#pragma once

#include <optional>
#include <string>
#include <vector>

#include "case_rules.hpp"
#include "uringbench/base/affinity.hpp"
#include "uringbench/plan/builder.hpp"

namespace ub::plan {

/// Defaults that depend on the machine or on other factors, for whatever was not asked for.
class Defaults {
 public:
  /// Throws UsageError for CPUs that a role may not use.
  Defaults(const AskedFactors& asked, const Machines& machines);

  /// Those that hold whatever the path: CPUs, congestion control, nodelay, requests.
  void fill_in(Case& the_case) const;
  /// Batch and working set.
  void fill_in_memory(Case& the_case, const path::Descriptor& path) const;

 private:
  [[nodiscard]] bool asked(std::string_view option) const { return asked_.contains(option); }
  [[nodiscard]] std::uint32_t batch_of(const Case& the_case, const path::Descriptor& path) const;

  const AskedFactors& asked_;  ///< outlives this
  std::string congestion_;
  std::string server_cpus_;
  std::string client_cpus_;
};

/// The defaults of this machine.
Machines this_machine();

/// A case of a mode, and what it had no use for.
struct PlannedOfMode {
  PlannedCase planned;
  std::vector<IdleFactor> idle;
};

/// With `batch` instead of the path's own, where it is given: one of those that paths have by
/// default at this size, so that the working set is a whole number of it.
PlannedOfMode plan_case(Case the_case, const Mode& mode, const Defaults& defaults,
                        const uring::Probe& probe,
                        std::optional<std::uint32_t> batch = std::nullopt);

/// Throws UsageError for a socket option that this kernel refuses or would cut.
void check_sockets(const AskedFactors& asked);

}  // namespace ub::plan
