#include "uringbench/report/crossovers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <set>

#include "cost_arms.hpp"
#include "noise_arm.hpp"
#include "uringbench/stats/quantile.hpp"

namespace ub::report {
namespace {

constexpr std::array kObjectives{Objective::throughput, Objective::server_cpu,
                                 Objective::latency_p99};

/// The sizes of two arms and the blocks in which both have every one of them.
struct Shared {
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

Shared shared_of(const CostArm& a, const CostArm& b) {
  Shared shared;
  for (const auto& [size_bytes, costs] : a.sizes) {
    const auto other = b.sizes.find(size_bytes);
    if (other == b.sizes.end()) continue;
    std::set<std::uint32_t> blocks = common_blocks(costs, other->second);
    if (shared.sizes_bytes.empty()) {
      shared.blocks = std::move(blocks);
    } else {
      std::set<std::uint32_t> both;
      std::set_intersection(shared.blocks.begin(), shared.blocks.end(), blocks.begin(),
                            blocks.end(), std::inserter(both, both.end()));
      shared.blocks = std::move(both);
    }
    shared.sizes_bytes.push_back(size_bytes);
  }
  return shared;
}

std::vector<double> costs_in(const BlockCosts& costs, const std::set<std::uint32_t>& blocks) {
  std::vector<double> values;
  values.reserve(blocks.size());
  for (const std::uint32_t block : blocks) values.push_back(costs.at(block));
  return values;
}

std::optional<PairCrossover> cross(const CostArm& a, const CostArm& b, const NoiseArm& noise) {
  constexpr std::size_t kFewest = 2;
  const Shared shared = shared_of(a, b);
  if (shared.sizes_bytes.size() < kFewest || shared.blocks.size() < kFewest) return std::nullopt;
  std::vector<std::pair<std::vector<double>, std::vector<double>>> costs;
  for (const std::uint64_t size_bytes : shared.sizes_bytes) {
    costs.emplace_back(costs_in(a.sizes.at(size_bytes), shared.blocks),
                       costs_in(b.sizes.at(size_bytes), shared.blocks));
  }
  std::vector<stats::CostPoint> points;
  const double floor = noise.floor_of_median(shared.blocks.size());
  for (std::size_t i = 0; i < costs.size(); ++i) {
    points.push_back({shared.sizes_bytes[i], costs[i].first, costs[i].second, floor});
  }
  return PairCrossover{
      a.mode,      b.mode, shared.sizes_bytes, shared.blocks.size(), stats::find_crossover(points),
      std::nullopt};
}

std::optional<stats::TwoTermModel> model_of(const CostArm& arm) {
  std::vector<stats::SizeCost> costs;
  for (const auto& [size_bytes, by_block] : arm.sizes) {
    std::vector<double> values;
    for (const auto& [block, cost] : by_block) values.push_back(cost);
    const auto median = stats::median(values);
    if (median) costs.push_back({size_bytes, *median});
  }
  return stats::fit_two_terms(costs);
}

const stats::TwoTermModel* model_named(const CrossoverGroup& group, const std::string& mode) {
  for (const ModeModel& each : group.models) {
    if (each.mode == mode) return &each.model;
  }
  return nullptr;
}

void predict(CrossoverGroup& group) {
  for (PairCrossover& pair : group.pairs) {
    const stats::TwoTermModel* a = model_named(group, pair.a);
    const stats::TwoTermModel* b = model_named(group, pair.b);
    if (a != nullptr && b != nullptr) pair.predicted_bytes = stats::predicted_crossover(*a, *b);
  }
}

CrossoverGroup crossover_group(const CostGroup& costs, Objective objective, const NoiseArm& noise) {
  CrossoverGroup group{objective, costs.example, {}, {}};
  for (const CostArm& arm : costs.arms) {
    if (auto model = model_of(arm)) {
      group.models.push_back({arm.mode, *std::move(model), arm.sizes.size()});
    }
  }
  for (std::size_t i = 0; i < costs.arms.size(); ++i) {
    for (std::size_t j = i + 1; j < costs.arms.size(); ++j) {
      if (auto pair = cross(costs.arms[i], costs.arms[j], noise)) {
        group.pairs.push_back(*std::move(pair));
      }
    }
  }
  predict(group);
  return group;
}

Metric metric_of(Objective objective) {
  switch (objective) {
    case Objective::server_cpu:
      return server_ns_per_message;
    case Objective::latency_p99:
      return latency_p99_ns;
    case Objective::throughput:
      break;
  }
  return message_rate;
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

std::string_view to_text(Objective objective) {
  switch (objective) {
    case Objective::throughput:
      return "throughput";
    case Objective::server_cpu:
      return "server_cpu";
    case Objective::latency_p99:
      return "latency_p99";
  }
  return "throughput";
}

std::vector<CrossoverGroup> find_crossovers(const std::vector<Sample>& samples) {
  std::vector<CrossoverGroup> groups;
  for (const Objective objective : kObjectives) {
    const NoiseArm noise(samples, metric_of(objective));
    for (const CostGroup& costs : cost_groups(samples, objective)) {
      CrossoverGroup group = crossover_group(costs, objective, noise);
      if (!group.pairs.empty()) groups.push_back(std::move(group));
    }
  }
  return groups;
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

}  // namespace ub::report
