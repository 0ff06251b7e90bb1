#include "uringbench/analysis/crossovers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <set>

#include "uringbench/analysis/twins.hpp"
#include "uringbench/stats/quantile.hpp"
#include "variants.hpp"

namespace ub::analysis {
namespace {

constexpr std::array kObjectives{Objective::throughput, Objective::cpu, Objective::latency_p99};

/// The sizes that two variants have with the same batch, and the blocks in which both have every
/// one of them.
struct Common {
  std::vector<std::uint64_t> sizes_bytes;
  std::set<std::uint32_t> blocks;
};

std::set<std::uint32_t> common_blocks(const BlockCosts& a, const BlockCosts& b) {
  std::set<std::uint32_t> blocks;
  for (const auto& [block, cost] : a) {
    if (b.count(block) > 0) blocks.insert(block);
  }
  return blocks;
}

Common common_of(const VariantCosts& a, const VariantCosts& b) {
  Common common;
  for (const auto& [size_bytes, costs] : a.sizes) {
    const auto other = b.sizes.find(size_bytes);
    if (other == b.sizes.end() || a.batches.at(size_bytes) != b.batches.at(size_bytes)) continue;
    std::set<std::uint32_t> blocks = common_blocks(costs, other->second);
    if (common.sizes_bytes.empty()) {
      common.blocks = std::move(blocks);
    } else {
      std::set<std::uint32_t> both;
      std::set_intersection(common.blocks.begin(), common.blocks.end(), blocks.begin(),
                            blocks.end(), std::inserter(both, both.end()));
      common.blocks = std::move(both);
    }
    common.sizes_bytes.push_back(size_bytes);
  }
  return common;
}

std::vector<double> costs_in(const BlockCosts& costs, const std::set<std::uint32_t>& blocks) {
  std::vector<double> values;
  values.reserve(blocks.size());
  for (const std::uint32_t block : blocks) values.push_back(costs.at(block));
  return values;
}

std::optional<PairCrossover> cross(const VariantCosts& a, const VariantCosts& b,
                                   const Noise& noise) {
  constexpr std::size_t kFewest = 2;
  const Common common = common_of(a, b);
  if (common.sizes_bytes.size() < kFewest || common.blocks.size() < kFewest) return std::nullopt;
  std::vector<std::pair<std::vector<double>, std::vector<double>>> costs;
  for (const std::uint64_t size_bytes : common.sizes_bytes) {
    costs.emplace_back(costs_in(a.sizes.at(size_bytes), common.blocks),
                       costs_in(b.sizes.at(size_bytes), common.blocks));
  }
  std::vector<stats::CostPoint> points;
  const double floor = noise.floor_of_median(common.blocks.size());
  for (std::size_t i = 0; i < costs.size(); ++i) {
    points.push_back({common.sizes_bytes[i], costs[i].first, costs[i].second, floor});
  }
  return PairCrossover{
      a.name,      b.name, common.sizes_bytes, common.blocks.size(), stats::find_crossover(points),
      std::nullopt};
}

std::optional<stats::TwoTermModel> model_of(const VariantCosts& variant) {
  std::vector<stats::SizeCost> costs;
  for (const auto& [size_bytes, by_block] : variant.sizes) {
    std::vector<double> values;
    for (const auto& [block, cost] : by_block) values.push_back(cost);
    const auto median = stats::median(values);
    if (median) costs.push_back({size_bytes, *median});
  }
  return stats::fit_two_terms(costs);
}

void predict(CrossoverGroup& group) {
  for (PairCrossover& pair : group.pairs) {
    const auto& a = group.variant(pair.a)->model;
    const auto& b = group.variant(pair.b)->model;
    if (a && b) pair.predicted_bytes = stats::predicted_crossover(*a, *b);
  }
}

CrossoverGroup crossover_group(const CostGroup& costs, Objective objective, const Noise& noise) {
  CrossoverGroup group{objective, costs.example, {}, {}, ""};
  for (const VariantCosts& each : costs.variants) {
    group.variants.push_back(
        {each.name, each.example, each.zero_copy, model_of(each), each.sizes.size()});
  }
  for (std::size_t i = 0; i < costs.variants.size(); ++i) {
    for (std::size_t j = i + 1; j < costs.variants.size(); ++j) {
      if (auto pair = cross(costs.variants[i], costs.variants[j], noise)) {
        group.pairs.push_back(*std::move(pair));
      }
    }
  }
  predict(group);
  return group;
}

void give_titles(std::vector<CrossoverGroup>& groups) {
  std::vector<const Case*> cases;
  cases.reserve(groups.size());
  for (const CrossoverGroup& group : groups) cases.push_back(&group.example);
  const Titles titles(cases);
  for (CrossoverGroup& group : groups) {
    group.title = titles.of(group.example, Titles::Size::left_out);
  }
}

void add_between(std::set<std::uint64_t>& sizes, const stats::Crossing& crossing) {
  constexpr double kNearEnough = 1.25;
  const auto below = static_cast<double>(crossing.below_bytes);
  const auto above = static_cast<double>(crossing.above_bytes);
  if (above / below < kNearEnough) return;
  for (const double share : {1.0 / 3, 2.0 / 3}) {
    sizes.insert(static_cast<std::uint64_t>(std::llround(below * std::pow(above / below, share))));
  }
}

}  // namespace

const SizedVariant* CrossoverGroup::variant(const std::string& name) const {
  const auto found = std::find_if(variants.begin(), variants.end(),
                                  [&](const SizedVariant& each) { return each.name == name; });
  return found == variants.end() ? nullptr : &*found;
}

std::string_view to_text(stats::CrossoverOutcome outcome) {
  switch (outcome) {
    case stats::CrossoverOutcome::crossing:
      return "crossing";
    case stats::CrossoverOutcome::several:
      return "several";
    case stats::CrossoverOutcome::never:
      return "never";
    case stats::CrossoverOutcome::undecided:
      break;
  }
  return "undecided";
}

std::vector<CrossoverGroup> find_crossovers(const std::vector<Sample>& samples) {
  std::vector<CrossoverGroup> groups;
  for (const Objective objective : kObjectives) {
    const Noise noise = noise_of(samples, metric_of(objective));
    for (const CostGroup& costs : cost_groups(samples, objective)) {
      CrossoverGroup group = crossover_group(costs, objective, noise);
      if (!group.pairs.empty()) groups.push_back(std::move(group));
    }
  }
  give_titles(groups);
  return groups;
}

Challenge challenge_of(const CrossoverGroup& group, const PairCrossover& pair, Family newer,
                       Family older) {
  const SizedVariant* a = group.variant(pair.a);
  const SizedVariant* b = group.variant(pair.b);
  if (a->example.engine != b->example.engine) return {};
  if (a->example.family == newer && b->example.family == older) return {stats::Side::a, a, b};
  if (b->example.family == newer && a->example.family == older) return {stats::Side::b, b, a};
  return {};
}

std::vector<std::uint64_t> sizes_to_refine(const std::vector<CrossoverGroup>& groups) {
  std::set<std::uint64_t> sizes;
  std::set<std::uint64_t> measured;
  for (const CrossoverGroup& group : groups) {
    for (const PairCrossover& pair : group.pairs) {
      measured.insert(pair.sizes_bytes.begin(), pair.sizes_bytes.end());
      for (const stats::Crossing& crossing : pair.found.crossings) add_between(sizes, crossing);
    }
  }
  std::vector<std::uint64_t> added;
  std::set_difference(sizes.begin(), sizes.end(), measured.begin(), measured.end(),
                      std::back_inserter(added));
  return added;
}

}  // namespace ub::analysis
