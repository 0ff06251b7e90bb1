#include "controls.hpp"

#include <algorithm>

namespace ub::plan {
namespace {

constexpr std::uint64_t kSentinelWindowNs = 200'000'000;
constexpr std::uint64_t kSentinelWarmupNs = 50'000'000;

/// A null path is measured only where it receives as every other does.
bool is_measured(const PlannedCase& planned) {
  const Case& c = planned.the_case;
  return c.purpose == Purpose::comparison && !sends_nothing(c) && planned.unavailable.empty();
}

/// The cases of the first mode that can be had.
std::vector<Case> cases_of_first_mode(const Plan& plan) {
  std::vector<Case> cases;
  for (const PlannedCase& planned : plan.cases) {
    if (!is_measured(planned)) continue;
    const bool same = cases.empty() || mode_name(planned.the_case) == mode_name(cases.front());
    if (same) cases.push_back(planned.the_case);
  }
  return cases;
}

/// At most kMostNoiseCases of them, with the first and the last.
std::vector<Case> spread_over(const std::vector<Case>& cases) {
  if (cases.size() <= kMostNoiseCases) return cases;
  std::vector<Case> chosen;
  for (std::size_t i = 0; i < kMostNoiseCases; ++i) {
    chosen.push_back(cases[i * (cases.size() - 1) / (kMostNoiseCases - 1)]);
  }
  return chosen;
}

}  // namespace

void add_controls(Plan& plan) {
  if (plan.reps < kFewestRepsForControls) return;
  const std::vector<Case> cases = cases_of_first_mode(plan);
  if (cases.empty()) return;
  for (Case again : spread_over(cases)) {
    again.purpose = Purpose::noise;
    plan.cases.push_back({std::move(again), ""});
  }
  Case sentinel = cases.front();
  sentinel.purpose = Purpose::sentinel;
  sentinel.duration_ns = std::min(sentinel.duration_ns, kSentinelWindowNs);
  sentinel.warmup_ns = std::min(sentinel.warmup_ns, kSentinelWarmupNs);
  plan.cases.push_back({std::move(sentinel), ""});
}

}  // namespace ub::plan
