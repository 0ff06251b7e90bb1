#include "uringbench/plan/ablation.hpp"

#include <algorithm>

#include "case_rules.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/plan/builder.hpp"
#include "uringbench/receive/registry.hpp"

namespace ub::plan {
namespace {

/// Whether a feature goes with the others, or only instead of one of them.
enum class Together { yes, no };

/// A feature of the server, and how a case asks for it.
struct Toggle {
  Together together;
  void (*switch_on)(Case&);
};

constexpr std::uint32_t kShortWaitUs = 50;

const std::vector<Toggle>& toggles() {
  static const std::vector<Toggle> all = {
      {Together::no, [](Case& c) { c.ring.setup = RingSetup::plain; }},
      {Together::no, [](Case& c) { c.ring.setup = RingSetup::coop; }},
      {Together::no, [](Case& c) { c.ring.setup = RingSetup::defer; }},
      {Together::no, [](Case& c) { c.ring.setup = RingSetup::sqpoll; }},
      {Together::no, [](Case& c) { c.ring.registered_fd = Switch::off; }},
      {Together::yes, [](Case& c) { c.ring.registered_files = Switch::on; }},
      {Together::yes, [](Case& c) { c.ring.poll_first = Switch::on; }},
      {Together::no, [](Case& c) { c.ring.min_wait_us = kShortWaitUs; }},
      {Together::yes, [](Case& c) { c.wait = Wait::spin; }},
      {Together::yes, [](Case& c) { c.huge_pages = Switch::on; }},
      {Together::no, [](Case& c) { c.notify.when = Notify::each; }},
      {Together::no, [](Case& c) { c.notify.when = Notify::lazy; }},
  };
  return all;
}

class Ablation {
 public:
  Ablation(Plan plan, const uring::Probe& probe)
      : plan_(std::move(plan)), probe_(probe), baseline_(plan_.cases.front().the_case) {}

  Plan all() {
    Case together = baseline_;
    for (const Toggle& toggle : toggles()) {
      Case alone = baseline_;
      toggle.switch_on(alone);
      if (!add(alone) || toggle.together == Together::no) continue;
      toggle.switch_on(together);
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
    const Case c = without_idle_factors(asked, path);
    const auto same = [&](const PlannedCase& planned) { return planned.the_case == c; };
    if (std::any_of(plan_.cases.begin(), plan_.cases.end(), same)) return false;
    if (!why_impossible_case(c, path, probe_).empty()) return false;
    plan_.cases.push_back({c, ""});
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
