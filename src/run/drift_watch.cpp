#include "drift_watch.hpp"

#include "uringbench/stats/drift.hpp"

namespace ub::run {
namespace {

/// All pairs are compared after each one.
constexpr std::size_t kMostSentinels = 200;

}  // namespace

void DriftWatch::add(const Sample& sample) {
  if (sample.the_case.purpose != Purpose::sentinel || sample.status != Status::valid) return;
  rates_.push_back(sample.message_rate);
  if (rates_.size() > kMostSentinels) rates_.erase(rates_.begin());
  const std::optional<stats::Drift> found = stats::drift(rates_);
  drifting_ = found && found->trend == stats::Trend::drifting;
}

}  // namespace ub::run
