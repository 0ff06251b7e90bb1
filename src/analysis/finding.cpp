// The finding that a study of zero-copy opens with.
#include <algorithm>

#include "uringbench/analysis/answers.hpp"

namespace ub::analysis {
namespace {

using stats::CrossoverOutcome;
using stats::Side;

/// Nobody knows what a zero-copy path without reports (sendfile) saved.
bool says_nothing(const SizedVariant& variant) {
  return variant.zero_copy.real + variant.zero_copy.copied == 0;
}

/// The zero-copy side against a side of the same engine that copies.
Challenge zero_copy_challenge(const CrossoverGroup& group, const PairCrossover& pair) {
  for (const Family copying : {Family::two_copy, Family::one_copy}) {
    const Challenge challenge = challenge_of(group, pair, Family::zero_copy, copying);
    if (challenge.side != Side::neither && !says_nothing(*challenge.challenger)) return challenge;
  }
  return {};
}

Winner from_measured(std::uint64_t size_bytes, PaysFrom how) {
  const auto size = static_cast<double>(size_bytes);
  return {"", how, {.low = size, .value = size, .high = size}};
}

/// The smallest size from which on `side` was shown to be cheaper at every one.
std::optional<Winner> shown_from(const PairCrossover& pair, Side side) {
  const auto wins = side == Side::a ? stats::Verdict::faster : stats::Verdict::slower;
  std::size_t first = pair.sizes_bytes.size();
  while (first > 0 && pair.found.sizes[first - 1].verdict == wins) --first;
  if (first == pair.sizes_bytes.size()) return std::nullopt;
  return from_measured(pair.sizes_bytes[first],
                       first == 0 ? PaysFrom::everywhere : PaysFrom::at_latest);
}

/// nullopt where `side` is not the cheaper one at the large end.
std::optional<Winner> pays_from(const PairCrossover& pair, Side side) {
  switch (pair.found.outcome) {
    case CrossoverOutcome::never:
      if (pair.found.cheaper != side) return std::nullopt;
      return from_measured(pair.sizes_bytes.front(), PaysFrom::everywhere);
    case CrossoverOutcome::undecided:
      return shown_from(pair, side);
    case CrossoverOutcome::crossing:
    case CrossoverOutcome::several:
      break;
  }
  const stats::Crossing& last = pair.found.crossings.back();
  if (last.cheaper_below == side) return std::nullopt;
  return Winner{"", PaysFrom::crossing, last.size_bytes};
}

/// From where on `variant` costs less than every copying one: the last to be overtaken decides.
std::optional<Winner> pays_against_all(const CrossoverGroup& group, const SizedVariant& variant) {
  std::optional<Winner> latest;
  for (const PairCrossover& pair : group.pairs) {
    const Challenge challenge = zero_copy_challenge(group, pair);
    if (challenge.challenger != &variant) continue;
    const auto from = pays_from(pair, challenge.side);
    if (!from) return std::nullopt;
    if (!latest || from->size_bytes.value > latest->size_bytes.value) latest = from;
  }
  if (latest) latest->name = variant.name;
  return latest;
}

std::vector<Winner> winners_of(const CrossoverGroup& group) {
  std::vector<Winner> winners;
  for (const SizedVariant& each : group.variants) {
    if (const auto winner = pays_against_all(group, each)) winners.push_back(*winner);
  }
  std::sort(winners.begin(), winners.end(), [](const Winner& left, const Winner& right) {
    return std::tie(left.size_bytes.value, left.name) <
           std::tie(right.size_bytes.value, right.name);
  });
  return winners;
}

/// Without sizes when no pair of the group is one of zero-copy against copying.
ZeroCopyResult result_of(const CrossoverGroup& group) {
  ZeroCopyResult result;
  result.title = group.title;
  for (const SizedVariant& each : group.variants) result.counts += each.zero_copy;
  result.winners = winners_of(group);
  for (const PairCrossover& pair : group.pairs) {
    if (zero_copy_challenge(group, pair).side == Side::neither) continue;
    result.decided &= pair.found.outcome != CrossoverOutcome::undecided;
    if (pair.sizes_bytes.size() > result.sizes_bytes.size()) result.sizes_bytes = pair.sizes_bytes;
  }
  return result;
}

}  // namespace

std::string_view to_text(PaysFrom how) {
  switch (how) {
    case PaysFrom::crossing:
      return "crossing";
    case PaysFrom::everywhere:
      return "everywhere";
    case PaysFrom::at_latest:
      break;
  }
  return "at_latest";
}

Finding zero_copy_finding(const std::vector<CrossoverGroup>& groups) {
  Finding finding;
  for (const CrossoverGroup& group : groups) {
    if (group.objective != Objective::cpu) continue;
    ZeroCopyResult result = result_of(group);
    if (result.sizes_bytes.empty()) continue;
    if (group.pairs.front().blocks < kFewestBlocksForACrossover) return {};
    if (was_really_copied(result.counts)) {
      if (finding.cause.empty()) finding.cause = result.counts.cause;
      finding.copied.push_back(std::move(result));
    } else if (result.counts.real > 0) {
      finding.real.push_back(std::move(result));
    }
  }
  return finding;
}

}  // namespace ub::analysis
