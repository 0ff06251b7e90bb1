#include "request_schedule.hpp"

#include <cmath>

#include "uringbench/base/check.hpp"
#include "uringbench/base/clock.hpp"

namespace ub::load {

SchedulePlan share_of(const CrewSetup& setup, std::span<const Placement> placements,
                      std::size_t thread) {
  std::uint64_t clients = 0;
  for (const Placement& placement : placements) clients += placement.clients;
  stats::Random seeds(setup.seed);
  std::uint64_t seed = seeds.next();
  for (std::size_t i = 0; i < thread; ++i) seed = seeds.next();
  const double share =
      static_cast<double>(placements[thread].clients) / static_cast<double>(clients);
  return {setup.the_case.rate_per_s * share, setup.the_case.gaps,
          static_cast<double>(thread) / static_cast<double>(placements.size()), seed};
}

Schedule::Schedule(const SchedulePlan& plan)
    : gap_ns_(kNsPerSecond / plan.rate_per_s),
      gaps_(plan.gaps),
      random_(plan.seed),
      phase_(plan.phase) {
  check(plan.rate_per_s > 0, "an open loop has a rate");
  next_ns_ = static_cast<std::uint64_t>(draw_ns());
}

void Schedule::advance() {
  ++index_;
  next_ns_ = static_cast<std::uint64_t>(draw_ns());
}

/// Fixed gaps are multiplied out, not added up, so that rounding does not move the rate.
double Schedule::draw_ns() {
  if (gaps_ == Gaps::fixed) return (static_cast<double>(index_) + phase_) * gap_ns_;
  poisson_ns_ -= gap_ns_ * std::log(random_.uniform());
  return poisson_ns_;
}

}  // namespace ub::load
