#include "cost_arms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "uringbench/base/clock.hpp"
#include "uringbench/model/factor.hpp"

namespace ub::report {
namespace {

using Samples = std::vector<const Sample*>;

/// The samples of each group, in an order that does not depend on the seed.
std::vector<Samples> grouped(const std::vector<Sample>& samples) {
  std::vector<Samples> groups;
  for (const Sample& sample : samples) {
    const Case& c = sample.the_case;
    if (sample.status != Status::valid || c.purpose != Purpose::comparison) continue;
    if (sends_nothing(c)) continue;
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const Samples& each) {
      return same_group(each.front()->the_case, c);
    });
    if (group == groups.end()) {
      groups.push_back({&sample});
    } else {
      group->push_back(&sample);
    }
  }
  std::stable_sort(groups.begin(), groups.end(), [](const Samples& left, const Samples& right) {
    return left.front()->the_case.clients < right.front()->the_case.clients;
  });
  for (Samples& group : groups) {
    std::stable_sort(group.begin(), group.end(), [](const Sample* left, const Sample* right) {
      const Case& a = left->the_case;
      const Case& b = right->the_case;
      const std::string a_name = variant_name(a);
      const std::string b_name = variant_name(b);
      return std::tie(a.family, a.engine, a.path, a_name, a.batch) <
             std::tie(b.family, b.engine, b.path, b_name, b.batch);
    });
  }
  return groups;
}

/// Modes that were measured with two batches at one size: these need the batch in their name. One
/// whose batch shrinks with the size (bundle) does not.
std::set<std::string> ambiguous_modes(const Samples& samples) {
  std::map<std::pair<std::string, std::uint64_t>, std::uint32_t> batches;
  std::set<std::string> ambiguous;
  for (const Sample* sample : samples) {
    const std::string mode = variant_name(sample->the_case);
    const auto [known, is_new] =
        batches.emplace(std::pair(mode, sample->the_case.size_bytes), sample->the_case.batch);
    if (!is_new && known->second != sample->the_case.batch) ambiguous.insert(mode);
  }
  return ambiguous;
}

CostArm& arm_of(std::vector<CostArm>& arms, const std::string& mode) {
  const auto found =
      std::find_if(arms.begin(), arms.end(), [&](const CostArm& arm) { return arm.mode == mode; });
  if (found != arms.end()) return *found;
  arms.push_back({mode, {}});
  return arms.back();
}

CostGroup cost_group(const Samples& samples, Objective objective) {
  CostGroup group{samples.front()->the_case, {}};
  const std::set<std::string> ambiguous = ambiguous_modes(samples);
  for (const Sample* sample : samples) {
    const double cost = value_or(cost_of(*sample, objective), 0);
    if (cost <= 0) continue;
    std::string mode = variant_name(sample->the_case);
    if (ambiguous.count(mode) > 0) mode += fmt::format(" x{}", sample->the_case.batch);
    arm_of(group.arms, mode).sizes[sample->the_case.size_bytes].emplace(sample->block, cost);
  }
  return group;
}

}  // namespace

bool same_group(const Case& left, const Case& right) {
  return same_but_for_variant_and_size(left, right);
}

Reading cost_of(const Sample& sample, Objective objective) {
  switch (objective) {
    case Objective::server_cpu:
      return server_ns_per_message(sample);
    case Objective::latency_p99:
      return latency_p99_ns(sample);
    case Objective::throughput:
      break;
  }
  const double rate = value_or(message_rate(sample), 0);
  if (rate <= 0) return Unavailable{"no messages arrived"};
  return Counted{kNsPerSecond / rate};
}

std::vector<CostGroup> cost_groups(const std::vector<Sample>& samples, Objective objective) {
  std::vector<CostGroup> groups;
  for (const Samples& each : grouped(samples)) groups.push_back(cost_group(each, objective));
  return groups;
}

}  // namespace ub::report
