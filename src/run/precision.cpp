#include "precision.hpp"

#include <algorithm>
#include <optional>

#include "uringbench/model/factor.hpp"
#include "uringbench/stats/interval.hpp"

namespace ub::run {
namespace {

bool is_measured(const PlannedCase& planned) {
  return planned.the_case.purpose == Purpose::comparison && planned.unavailable.empty();
}

std::string baseline_of(const Plan& plan) {
  if (!plan.until || !plan.until->baseline.empty()) return plan.until ? plan.until->baseline : "";
  const auto first = std::find_if(plan.cases.begin(), plan.cases.end(), is_measured);
  return first == plan.cases.end() ? "" : mode_name(first->the_case);
}

bool same_but_for_variant(const Case& left, const Case& right) {
  return with_default_variants(left) == with_default_variants(right);
}

/// The case of the baseline's mode that `c` is compared with: as in the table, one of its batch.
std::optional<std::size_t> twin_of(const Case& c, const std::string& baseline, const Plan& plan,
                                   bool (*alike)(const Case&, const Case&)) {
  for (std::size_t i = 0; i < plan.cases.size(); ++i) {
    const Case& other = plan.cases[i].the_case;
    if (!is_measured(plan.cases[i]) || other.batch != c.batch) continue;
    if (mode_name(other) == baseline && alike(c, other)) return i;
  }
  return std::nullopt;
}

}  // namespace

Precision::Precision(const Plan& plan) : plan_(plan), rates_(plan.cases.size()) {
  if (!plan.until) return;
  const std::string baseline = baseline_of(plan);
  for (std::size_t i = 0; i < plan.cases.size(); ++i) {
    const Case& c = plan.cases[i].the_case;
    if (!is_measured(plan.cases[i]) || mode_name(c) == baseline) continue;
    auto twin = twin_of(c, baseline, plan, same_but_for_mode);
    if (!twin) twin = twin_of(c, baseline, plan, same_but_for_variant);
    if (twin) pairs_.push_back({i, *twin});
  }
}

void Precision::add(const Sample& sample) {
  if (!plan_.until || sample.status != Status::valid || sample.message_rate <= 0) return;
  for (std::size_t i = 0; i < plan_.cases.size(); ++i) {
    if (plan_.cases[i].the_case == sample.the_case) rates_[i][sample.block] = sample.message_rate;
  }
}

bool Precision::is_narrow(const Pair& pair) const {
  std::vector<double> ours;
  std::vector<double> theirs;
  for (const auto& [block, rate] : rates_[pair.position]) {
    const auto other = rates_[pair.baseline].find(block);
    if (other == rates_[pair.baseline].end()) continue;
    ours.push_back(rate);
    theirs.push_back(other->second);
  }
  if (ours.empty()) return true;
  const auto ratio = stats::paired_ratio(ours, theirs);
  const double widest = 1 + plan_.until->half_width;
  return ratio && ours.size() >= kFewestBlocksUntil && ratio->high <= ratio->value * widest &&
         ratio->value <= ratio->low * widest;
}

bool Precision::reached(std::uint32_t blocks) const {
  if (!plan_.until || blocks < kFewestBlocksUntil) return false;
  return std::all_of(pairs_.begin(), pairs_.end(),
                     [&](const Pair& pair) { return is_narrow(pair); });
}

}  // namespace ub::run
