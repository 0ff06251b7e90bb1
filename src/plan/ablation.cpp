#include "uringbench/plan/ablation.hpp"

#include <algorithm>

#include "case_rules.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/plan/builder.hpp"
#include "uringbench/receive/registry.hpp"

namespace ub::plan {
namespace {

class Ablation {
 public:
  Ablation(Plan plan, const uring::Probe& probe)
      : plan_(std::move(plan)), probe_(probe), baseline_(plan_.cases.front().the_case) {}

  Plan all() {
    Case together = baseline_;
    for (const Factor& factor : factors()) {
      for (const Alternative& each : factor.alternatives) {
        Case alone = baseline_;
        factor.parse(alone, each.value);
        if (add(alone) && each.together) factor.parse(together, each.value);
      }
    }
    if (receives(baseline_.workload)) add_receives();
    (void)add(together);
    return std::move(plan_);
  }

 private:
  void add_receives() {
    for (const receive::Descriptor& path : receive::registry()) {
      Case alone = baseline_;
      alone.receive = std::string(path.name);
      (void)add(alone);
    }
  }

  /// False when the case is there already, as where its engine has no such feature, or cannot be
  /// had: what rules itself out is no effect.
  bool add(const Case& asked) {
    const path::Descriptor& path = *path::find(asked.path);
    Case c = asked;
    (void)reset_idle_factors(c, path);
    const auto same = [&](const PlannedCase& planned) { return planned.the_case == c; };
    if (std::any_of(plan_.cases.begin(), plan_.cases.end(), same)) return false;
    if (!why_impossible_case(c, path, probe_).empty()) return false;
    plan_.cases.push_back({std::move(c), ""});
    return true;
  }

  Plan plan_;
  const uring::Probe& probe_;
  Case baseline_;
};

}  // namespace

Plan build_ablation(const StudyOptions& options, const uring::Probe& probe) {
  Plan plan = build_plan(options, probe);
  std::erase_if(plan.cases, [](const PlannedCase& planned) {
    return planned.the_case.purpose != Purpose::comparison;
  });
  if (plan.cases.size() != 1) {
    throw UsageError(
        "ablate: needs one mode, one size and one of every other factor, such as "
        "--mode uring-two-copy --size 4K");
  }
  return Ablation(std::move(plan), probe).all();
}

}  // namespace ub::plan
