// What a study says to the six questions of the classic study.
#include "uringbench/analysis/answers.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_map>

namespace ub::analysis {
namespace {

using stats::Side;
using Groups = std::vector<Group>;
using Crossovers = std::vector<CrossoverGroup>;

/// Calls `take` with every row that sends and has figures.
template <typename Take>
void for_each_row_that_sends(const Groups& groups, Take take) {
  for (const Group& group : groups) {
    for (const Row& row : group.rows) {
      if (!row.valid.empty() && !sends_nothing(row.the_case)) take(group, row);
    }
  }
}

std::vector<ZeroCopyPrice> prices_of(const Crossovers& crossovers) {
  std::vector<ZeroCopyPrice> prices;
  for (const CrossoverGroup& group : crossovers) {
    if (group.objective != Objective::throughput) continue;
    for (const PairCrossover& pair : group.pairs) {
      const Challenge challenge = challenge_of(group, pair, Family::zero_copy, Family::two_copy);
      if (challenge.side == Side::neither) continue;
      if (!challenge.challenger->model || !challenge.rival->model) continue;
      prices.push_back({{group.objective, group.title, pair, challenge.side},
                        *challenge.challenger->model,
                        *challenge.rival->model});
    }
  }
  return prices;
}

std::vector<CopiedVariant> copied_variants(const Groups& groups) {
  std::vector<CopiedVariant> copied;
  std::set<std::string> known;
  for_each_row_that_sends(groups, [&](const Group&, const Row& row) {
    if (row.the_case.family != Family::zero_copy) return;
    const ZeroCopyCounts counts = zero_copy_of(row);
    const std::string name = variant_name(row.the_case);
    if (was_copied(counts) && known.insert(name).second) copied.push_back({name, counts});
  });
  return copied;
}

/// nullopt when some sample has misses.
std::optional<std::string> why_no_misses(const Groups& groups) {
  std::string reason = "no sample is valid";
  bool some = false;
  for_each_row_that_sends(groups, [&](const Group&, const Row& row) {
    for (const Sample* sample : row.valid) {
      for (const Metric metric : {l1_misses_per_byte, llc_misses_per_byte}) {
        const Reading reading = metric(*sample);
        const auto* none = std::get_if<Unavailable>(&reading);
        if (none == nullptr) some = true;
        if (none != nullptr) reason = none->reason;
      }
    }
  });
  return some ? std::nullopt : std::optional(reason);
}

double size_of(const std::optional<stats::Interval>& ratio) {
  return ratio ? std::fabs(std::log(ratio->value)) : 0;
}

/// Keeps the largest change of each variant and level.
std::vector<CacheChange> cache_changes(const Groups& groups) {
  std::vector<CacheChange> changes;
  for_each_row_that_sends(groups, [&](const Group& group, const Row& row) {
    const Row* base = group.baseline_of(row);
    if (base == nullptr || base == &row) return;
    for (const auto& [level, metric] : {std::pair<const char*, Metric>("L1d", l1_misses_per_byte),
                                        {"LLC", llc_misses_per_byte}}) {
      const auto ratio = ratio_of(row, *base, metric);
      if (!ratio) continue;
      changes.push_back(
          {level, variant_name(row.the_case), variant_name(base->the_case), row.the_case, *ratio});
    }
  });
  std::stable_sort(changes.begin(), changes.end(), [](const CacheChange& a, const CacheChange& b) {
    return size_of(a.ratio) > size_of(b.ratio);
  });
  std::set<std::pair<std::string, std::string>> known;
  std::erase_if(changes, [&](const CacheChange& each) {
    return !known.insert({each.level, each.name}).second;
  });
  return changes;
}

/// The same case with the fewest and with the most clients.
struct Extremes {
  const Row* few = nullptr;
  const Row* many = nullptr;
};

std::vector<Extremes> extremes_of(const Groups& groups) {
  std::vector<Extremes> found;
  std::unordered_map<Case, std::size_t, CaseHash> known;
  for_each_row_that_sends(groups, [&](const Group&, const Row& row) {
    Case alike = row.the_case;
    alike.clients = 0;
    const auto [place, is_new] = known.try_emplace(alike, found.size());
    if (is_new) found.push_back({&row, &row});
    Extremes& each = found[place->second];
    if (row.the_case.clients < each.few->the_case.clients) each.few = &row;
    if (row.the_case.clients > each.many->the_case.clients) each.many = &row;
  });
  return found;
}

std::vector<Crowding> crowdings_of(const Groups& groups) {
  std::vector<Crowding> crowdings;
  for (const auto& [few, many] : extremes_of(groups)) {
    if (few == many) continue;
    crowdings.push_back({many->the_case, few->the_case.clients, ratio_of(*many, *few, message_rate),
                         ratio_of(*many, *few, cpu_ns_per_byte),
                         ratio_of(*many, *few, llc_misses_per_byte)});
  }
  std::stable_sort(crowdings.begin(), crowdings.end(), [](const Crowding& a, const Crowding& b) {
    return size_of(a.throughput) > size_of(b.throughput);
  });
  return crowdings;
}

std::vector<Overtaking> overtakings(const Crossovers& crossovers, Family newer,
                                    const std::vector<Family>& older) {
  std::vector<Overtaking> found;
  for (const CrossoverGroup& group : crossovers) {
    for (const PairCrossover& pair : group.pairs) {
      for (const Family family : older) {
        const Side side = challenge_of(group, pair, newer, family).side;
        if (side != Side::neither) found.push_back({group.objective, group.title, pair, side});
      }
    }
  }
  return found;
}

/// The row of a variant in a group of crossovers, at one size.
const Row* row_of(const Groups& groups, const CrossoverGroup& group, const SizedVariant& variant,
                  std::uint64_t size_bytes) {
  const Row* found = nullptr;
  for_each_row_that_sends(groups, [&](const Group&, const Row& row) {
    const std::string name = variant_name(row.the_case);
    const bool named = variant.name == name || variant.name.starts_with(name + " ");
    if (found != nullptr || !named || row.the_case.size_bytes != size_bytes) return;
    if (same_but_for_variant_and_size(row.the_case, group.example)) found = &row;
  });
  return found;
}

std::optional<Surprise> most_unexpected(const Groups& groups, const Crossovers& crossovers) {
  const CrossoverGroup* group = nullptr;
  const SizedVariant* variant = nullptr;
  for (const CrossoverGroup& each : crossovers) {
    for (const SizedVariant& one : each.variants) {
      if (!one.model || one.sizes < kFewestSizesForResiduals) continue;
      const double residual = std::fabs(one.model->worst.relative);
      if (residual <= (variant == nullptr ? 0 : std::fabs(variant->model->worst.relative)))
        continue;
      group = &each;
      variant = &one;
    }
  }
  if (variant == nullptr) return std::nullopt;
  const stats::TwoTermModel& model = *variant->model;
  const std::uint64_t size_bytes = model.worst.size_bytes;
  const Row* row = row_of(groups, *group, *variant, size_bytes);
  if (row == nullptr) return std::nullopt;
  const double predicted = model.fixed + model.per_byte * static_cast<double>(size_bytes);
  std::vector<double> over_predicted;
  for (const Sample* sample : row->valid) {
    over_predicted.push_back(value_or(cost_of(*sample, group->objective), 0) / predicted);
  }
  return Surprise{group->objective,
                  variant->name,
                  model,
                  *row,
                  predicted,
                  stats::median_interval(over_predicted)};
}

}  // namespace

Answers answer(const std::vector<Group>& groups, const std::vector<CrossoverGroup>& crossovers) {
  return {
      .prices = prices_of(crossovers),
      .copied = copied_variants(groups),
      .no_misses = why_no_misses(groups),
      .cache_levels = cache_changes(groups),
      .crowdings = crowdings_of(groups),
      .one_copy = overtakings(crossovers, Family::one_copy, {Family::two_copy}),
      .zero_copy = overtakings(crossovers, Family::zero_copy, {Family::two_copy, Family::one_copy}),
      .surprise = most_unexpected(groups, crossovers)};
}

}  // namespace ub::analysis
