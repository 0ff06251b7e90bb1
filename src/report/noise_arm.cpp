#include "noise_arm.hpp"

#include <fmt/format.h>

#include <cmath>

#include "numbers.hpp"
#include "uringbench/model/factor.hpp"

namespace ub::report {
namespace {

constexpr std::string_view kNoise = "noise";
constexpr std::string_view kSentinel = "sentinel";

bool has_purpose(const Sample& sample, std::string_view purpose) {
  return sample.status == Status::valid && to_text(sample.the_case.purpose) == purpose;
}

bool same_but_for_purpose(Case left, const Case& right) {
  left.purpose = right.purpose;
  return left == right;
}

/// nullopt for a value that has no logarithm.
std::optional<double> value_of(const Sample& sample, Metric metric) {
  const double value = value_or(metric(sample), 0);
  return value > 0 ? std::optional(value) : std::nullopt;
}

const Sample* twin_of(const Sample& noise, const std::vector<Sample>& samples) {
  for (const Sample& sample : samples) {
    if (sample.status != Status::valid || sample.block != noise.block) continue;
    if (sample.the_case.purpose != Purpose::comparison) continue;
    if (same_but_for_purpose(noise.the_case, sample.the_case)) return &sample;
  }
  return nullptr;
}

std::string trend_text(stats::Trend trend) {
  switch (trend) {
    case stats::Trend::steady:
      return "steady";
    case stats::Trend::drifting:
      return "drifting: compare only within blocks";
    case stats::Trend::undecided:
      return "a drift is neither shown nor excluded";
  }
  return "";
}

}  // namespace

NoiseArm::NoiseArm(const std::vector<Sample>& samples, Metric metric) {
  for (const Sample& sample : samples) {
    if (!has_purpose(sample, kNoise)) continue;
    const Sample* twin = twin_of(sample, samples);
    if (twin == nullptr) continue;
    const auto a = value_of(sample, metric);
    const auto b = value_of(*twin, metric);
    if (a && b) log_ratios_.push_back(std::log(*a / *b));
  }
}

double NoiseArm::floor_of_median(std::size_t blocks) const {
  if (blocks == 0) return 0;
  const auto floor = stats::noise_floor(log_ratios_, {.blocks = blocks});
  return floor ? floor->of_median : 0;
}

std::string NoiseArm::text(std::size_t blocks) const {
  if (log_ratios_.empty()) return "not measured: the study has no case that was measured twice";
  const auto floor = stats::noise_floor(log_ratios_, {.blocks = std::max<std::size_t>(blocks, 1)});
  if (!floor) {
    return fmt::format("not measured: {} A/A pair{}, and {} are needed", log_ratios_.size(),
                       log_ratios_.size() == 1 ? "" : "s", stats::kFewestPairs);
  }
  return fmt::format("{} ({:.0f}% of medians over {} block{} stay below it), from {} A/A pairs",
                     percent(floor->of_median), floor->level * 100, floor->blocks,
                     floor->blocks == 1 ? "" : "s", floor->pairs);
}

std::string drift_text(const std::vector<Sample>& samples) {
  std::vector<double> values;
  const Sample* first = nullptr;
  for (const Sample& sample : samples) {
    if (!has_purpose(sample, kSentinel)) continue;
    if (first == nullptr) first = &sample;
    values.push_back(value_or(message_rate(sample), 0));
  }
  if (first == nullptr) return "";
  const std::string who = fmt::format("sentinel {}", variant_name(first->the_case));
  const auto drift = stats::drift(values);
  if (!drift) {
    return fmt::format("{}: {} values, too few to tell a drift ({} are needed)", who, values.size(),
                       stats::kFewestSentinels);
  }
  return fmt::format("{}: last over first {} [{}, {}], {}", who, ratio_number(drift->ratio.value),
                     ratio_number(drift->ratio.low), ratio_number(drift->ratio.high),
                     trend_text(drift->trend));
}

}  // namespace ub::report
