#include "uringbench/analysis/twins.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

namespace ub::analysis {
namespace {

bool is_valid(const Sample& sample, Purpose purpose) {
  return sample.status == Status::valid && sample.the_case.purpose == purpose;
}

/// Valid samples of the comparison by case and block: a study has thousands.
using Index = std::unordered_map<Case, std::map<std::uint32_t, const Sample*>, CaseHash>;

Index index_of(const std::vector<Sample>& samples) {
  Index index;
  for (const Sample& sample : samples) {
    if (is_valid(sample, Purpose::comparison)) {
      index[sample.the_case].emplace(sample.block, &sample);
    }
  }
  return index;
}

const Sample* twin_of(const Sample& noise, const Index& index) {
  Case compared = noise.the_case;
  compared.purpose = Purpose::comparison;
  const auto blocks = index.find(compared);
  if (blocks == index.end()) return nullptr;
  const auto twin = blocks->second.find(noise.block);
  return twin == blocks->second.end() ? nullptr : twin->second;
}

}  // namespace

Noise noise_of(const std::vector<Sample>& samples, Metric metric) {
  Noise noise;
  const bool any = std::any_of(samples.begin(), samples.end(), [](const Sample& sample) {
    return is_valid(sample, Purpose::noise);
  });
  if (!any) return noise;
  const Index index = index_of(samples);
  for (const Sample& sample : samples) {
    if (!is_valid(sample, Purpose::noise)) continue;
    const Sample* twin = twin_of(sample, index);
    if (twin == nullptr) continue;
    const double a = value_or(metric(sample), 0);
    const double b = value_or(metric(*twin), 0);
    if (a > 0 && b > 0) noise.log_ratios.push_back(std::log(a / b));
  }
  return noise;
}

const Noise& StudyNoise::of(Objective objective) {
  const auto [known, is_new] = known_.try_emplace(objective);
  if (is_new) known->second = noise_of(samples_, merit_of(objective));
  return known->second;
}

std::optional<stats::NoiseFloor> Noise::floor(std::size_t blocks) const {
  return stats::noise_floor(log_ratios, {.blocks = std::max<std::size_t>(blocks, 1)});
}

double Noise::floor_of_median(std::size_t blocks) const {
  if (blocks == 0) return 0;
  const auto found = floor(blocks);
  return found ? found->of_median : 0;
}

std::optional<SentinelDrift> drift_of(const std::vector<Sample>& samples) {
  std::vector<double> values;
  const Sample* first = nullptr;
  for (const Sample& sample : samples) {
    if (!is_valid(sample, Purpose::sentinel)) continue;
    if (first == nullptr) first = &sample;
    values.push_back(value_or(message_rate(sample), 0));
  }
  if (first == nullptr) return std::nullopt;
  const auto found = stats::drift(values);
  return SentinelDrift{first->the_case, std::move(values), found};
}

std::vector<stats::Comparison> compare_paired(const std::vector<Paired>& pairs,
                                              const Noise& noise) {
  std::map<std::size_t, double> floors;  // each is resampled, and depends on the blocks alone
  std::vector<stats::Sides> sides;
  sides.reserve(pairs.size());
  for (const Paired& each : pairs) {
    const auto [floor, is_new] = floors.try_emplace(each.a.size(), 0);
    if (is_new) floor->second = noise.floor_of_median(each.a.size());
    sides.push_back({each.a, each.b, floor->second});
  }
  return stats::compare(sides, {.twins = noise.log_ratios});
}

namespace {

/// A row and its baseline.
struct Judging {
  Row* row;
  const Row* base;
};

std::vector<Judging> to_judge(std::vector<Group>& groups, Objective objective) {
  std::vector<Judging> all;
  for (Group& group : groups) {
    for (Row& row : group.rows) {
      const Row* base = group.baseline_of(row);
      if (base == nullptr || &row == base || row.valid.empty()) continue;
      if (sends_nothing(row.the_case) || judged_by(row.the_case) != objective) continue;
      all.push_back({&row, base});
    }
  }
  return all;
}

std::vector<stats::Comparison> results_of(const std::vector<Judging>& rows, Objective objective,
                                          StudyNoise& noise) {
  const Metric merit = merit_of(objective);
  std::vector<Paired> pairs;
  pairs.reserve(rows.size());
  for (const auto& [row, base] : rows) pairs.push_back(paired_values(*row, *base, merit));
  return compare_paired(pairs, noise.of(objective));
}

}  // namespace

void judge(std::vector<Group>& groups, StudyNoise& noise) {
  for (const Objective objective : {Objective::throughput, Objective::latency_p99}) {
    const std::vector<Judging> rows = to_judge(groups, objective);
    if (rows.empty()) continue;
    const auto results = results_of(rows, objective, noise);
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].row->against_baseline = results[i];
  }
  const std::vector<Judging> at_load = to_judge(groups, Objective::latency_p99);
  for (const Objective objective : {Objective::latency_p50, Objective::cpu}) {
    if (at_load.empty()) break;
    const auto results = results_of(at_load, objective, noise);
    for (std::size_t i = 0; i < at_load.size(); ++i) {
      at_load[i].row->at_load.push_back({objective, results[i]});
    }
  }
}

}  // namespace ub::analysis
