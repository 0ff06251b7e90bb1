#include "variants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "uringbench/analysis/arrange.hpp"
#include "uringbench/model/factor.hpp"

namespace ub::analysis {
namespace {

struct Named {
  const Sample* sample = nullptr;
  std::string name;  ///< of its variant: made once, since a study is sorted by it
};
using SameConditions = std::vector<Named>;

/// Equal for all cases of one curve. What follows from the size is cleared too, but for files of
/// older programs that lack what was asked for: same_but_for_variant_and_size() tells these apart.
Case conditions_of(const Case& the_case) {
  static const Case usual;
  Case conditions = with_default_variants(the_case);
  for (const Factor& factor : factors()) {
    if (factor.follows_size) factor.copy(conditions, usual);
  }
  return conditions;
}

/// The samples of each curve, which share all but variant and size.
std::vector<SameConditions> by_conditions(const std::vector<Sample>& samples) {
  std::vector<SameConditions> groups;
  std::unordered_multimap<Case, std::size_t, CaseHash> known;
  const auto group_of = [&](const Case& c) -> SameConditions& {
    const Case conditions = conditions_of(c);
    const auto [first, last] = known.equal_range(conditions);
    for (auto each = first; each != last; ++each) {
      SameConditions& group = groups[each->second];
      if (same_but_for_variant_and_size(group.front().sample->the_case, c)) return group;
    }
    known.emplace(conditions, groups.size());
    return groups.emplace_back();
  };
  for (const Sample& sample : samples) {
    const Case& c = sample.the_case;
    if (sample.status != Status::valid || c.purpose != Purpose::comparison) continue;
    if (!sends_nothing(c)) group_of(c).push_back({&sample, variant_name(c)});
  }
  return groups;
}

/// An order that does not depend on the seed.
void sort(std::vector<SameConditions>& groups) {
  std::stable_sort(
      groups.begin(), groups.end(), [](const SameConditions& left, const SameConditions& right) {
        return left.front().sample->the_case.clients < right.front().sample->the_case.clients;
      });
  for (SameConditions& group : groups) {
    std::stable_sort(group.begin(), group.end(), [](const Named& left, const Named& right) {
      const Case& a = left.sample->the_case;
      const Case& b = right.sample->the_case;
      return std::tie(a.family, a.engine, a.path, left.name, a.batch) <
             std::tie(b.family, b.engine, b.path, right.name, b.batch);
    });
  }
}

/// Variants that were measured with two batches at one size: these need the batch in their name.
/// One whose batch shrinks with the size (bundle) does not.
std::set<std::string> ambiguous_names(const SameConditions& group) {
  std::map<std::pair<std::string, std::uint64_t>, std::uint32_t> batches;
  std::set<std::string> ambiguous;
  for (const auto& [sample, name] : group) {
    const auto [known, is_new] =
        batches.emplace(std::pair(name, sample->the_case.size_bytes), sample->the_case.batch);
    if (!is_new && known->second != sample->the_case.batch) ambiguous.insert(name);
  }
  return ambiguous;
}

CostGroup cost_group(const SameConditions& group, Objective objective) {
  CostGroup costs{group.front().sample->the_case, {}};
  const std::set<std::string> ambiguous = ambiguous_names(group);
  std::unordered_map<std::string, std::size_t> known;
  for (const auto& [sample, variant] : group) {
    const double cost = value_or(cost_of(*sample, objective), 0);
    if (cost <= 0) continue;
    std::string name = variant;
    if (ambiguous.count(name) > 0) name += fmt::format(" x{}", sample->the_case.batch);
    const auto [place, is_new] = known.try_emplace(name, costs.variants.size());
    if (is_new) costs.variants.push_back({name, sample->the_case, {}, {}, {}});
    VariantCosts& of_variant = costs.variants[place->second];
    if (sample->zero_copy) of_variant.zero_copy += *sample->zero_copy;
    of_variant.sizes[sample->the_case.size_bytes].emplace(sample->block, cost);
    of_variant.batches[sample->the_case.size_bytes] = sample->the_case.batch;
  }
  return costs;
}

}  // namespace

std::vector<CostGroup> cost_groups(const std::vector<Sample>& samples, Objective objective) {
  std::vector<SameConditions> groups = by_conditions(samples);
  sort(groups);
  std::vector<CostGroup> costs;
  costs.reserve(groups.size());
  for (const SameConditions& group : groups) costs.push_back(cost_group(group, objective));
  return costs;
}

}  // namespace ub::analysis
