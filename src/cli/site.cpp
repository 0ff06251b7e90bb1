#include "site.hpp"

#include <fmt/format.h>

#include "uringbench/base/error.hpp"
#include "uringbench/role/environment.hpp"

namespace ub::cli {

Site::Site(const Hosts& hosts)
    : fleet_(on_one_machine(hosts) ? nullptr : std::make_unique<run::Fleet>(hosts)),
      probe_(fleet_ ? fleet_->probe() : uring::Probe::run()) {}

plan::StudyOptions Site::fitted(plan::StudyOptions options) const {
  if (fleet_) options.machines = fleet_->machines();
  return options;
}

Environment Site::describe(const Plan& plan) {
  if (!fleet_) return role::describe_environment(probe_, plan.seed);
  for (const PlannedCase& planned : plan.cases) {
    if (planned.unavailable.empty()) fleet_->choose_data_address(planned.the_case.transport);
  }
  return fleet_->environment(plan.seed);
}

void require_one_machine(const Hosts& hosts, const char* command) {
  if (on_one_machine(hosts)) return;
  throw UsageError(fmt::format(
      "{}: it looks at this machine alone; leave --server and --load out, or run it on that host",
      command));
}

}  // namespace ub::cli
