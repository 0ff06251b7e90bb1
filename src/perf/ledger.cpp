#include "uringbench/perf/ledger.hpp"

#include <algorithm>
#include <cmath>

#include "uringbench/base/check.hpp"

namespace ub::perf {
namespace {

/// Two-sided 95 % of the normal distribution.
constexpr double kZ = 1.959964;

/// A share of `total` split over `units`.
std::optional<Estimate> cost(const Estimate& share, std::uint64_t total, std::uint64_t units) {
  if (units == 0) return std::nullopt;
  const double each = static_cast<double>(total) / static_cast<double>(units);
  return Estimate{share.value * each, share.low * each, share.high * each};
}

CategoryWeight weight_of(const Tally& tally, Category category) {
  const auto found = tally.categories.find(category);
  return found == tally.categories.end() ? CategoryWeight{} : found->second;
}

LedgerLine make_line(Category category, const Tally& tally, const LedgerTotals& totals) {
  const CategoryWeight weight = weight_of(tally, category);
  const double worth = tally.weight * tally.weight / tally.squared_weight;
  const Estimate share = wilson_interval(weight.weight / tally.weight * worth, worth);
  return {.category = category,
          .samples = weight.samples,
          .share = share,
          .interrupt_share = weight.weight > 0 ? weight.interrupt_weight / weight.weight : 0,
          .ns_per_message = cost(share, totals.cpu_ns, totals.messages),
          .ns_per_byte = cost(share, totals.cpu_ns, totals.bytes)};
}

}  // namespace

Tally tally(const Profile& profile, const TimeWindow& window, ChainNamer& namer,
            Classifier& classifier) {
  Tally result;
  for (const StackSample& sample : profile.samples) {
    if (!window.contains(sample)) continue;
    const Placement placement = classifier.classify(namer.name(profile, sample));
    const auto weight = static_cast<double>(sample.weight);
    CategoryWeight& category = result.categories[placement.category];
    ++category.samples;
    category.weight += weight;
    if (placement.context == Context::interrupt) category.interrupt_weight += weight;
    ++result.samples;
    result.weight += weight;
    result.squared_weight += weight * weight;
  }
  return result;
}

Ledger make_ledger(const Tally& tally, const LedgerTotals& totals) {
  Ledger ledger{.lines = {}, .samples = tally.samples};
  if (tally.weight <= 0) return ledger;
  for (const Category category : all_categories()) {
    ledger.lines.push_back(make_line(category, tally, totals));
  }
  return ledger;
}

Estimate wilson_interval(double hits, double samples) {
  check(samples > 0 && hits >= 0 && hits <= samples * (1 + 1e-9), "a share lies between 0 and 1");
  const double share = std::min(hits / samples, 1.0);
  const double z2_by_n = kZ * kZ / samples;
  const double centre = (share + z2_by_n / 2) / (1 + z2_by_n);
  const double half =
      kZ / (1 + z2_by_n) * std::sqrt(share * (1 - share) / samples + z2_by_n / samples / 4);
  return {share, std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

}  // namespace ub::perf
