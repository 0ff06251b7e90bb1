#pragma once

#include <optional>
#include <string>
#include <vector>

#include "uringbench/analysis/arrange.hpp"
#include "uringbench/analysis/crossovers.hpp"

/// What a study concludes, as data: the finding of a zero-copy study, and what it says to the six
/// questions of the classic study. Pure functions.
namespace ub::analysis {

/// `crossing`: with its interval; `everywhere`: wherever the two differ; `at_latest`: measured so
/// at this size and all above it, undecided at one below.
enum class PaysFrom { crossing, everywhere, at_latest };

std::string_view to_text(PaysFrom how);

/// A zero-copy variant that costs less than every copying one of its engine, from some size on.
struct Winner {
  std::string name;
  PaysFrom how = PaysFrom::crossing;
  stats::Interval size_bytes;  ///< without width unless it is a crossing
};

/// One group of crossovers, in which zero-copy variants meet the copying ones of their engine.
struct ZeroCopyResult {
  std::string title;                       ///< the group's
  ZeroCopyCounts counts;                   ///< of all zero-copy sends
  std::vector<std::uint64_t> sizes_bytes;  ///< the most that a pair has
  bool decided = true;                     ///< no pair is undecided
  std::vector<Winner> winners;             ///< the one that pays first in front
};

/// Server CPU: what zero-copy is to save, and what a sink and a network alike can show.
struct Finding {
  std::vector<ZeroCopyResult> real;    ///< where the kernel did not copy
  std::vector<ZeroCopyResult> copied;  ///< where it copied after all
  std::string cause;                   ///< of the first of these; empty: not found

  [[nodiscard]] bool empty() const { return real.empty() && copied.empty(); }
};

/// Empty where the study compares no zero-copy path with a copying one of the same engine over
/// several sizes, with enough repetitions for a crossover.
Finding zero_copy_finding(const std::vector<CrossoverGroup>& groups);

/// A pair of one engine, seen from the side that copies less.
struct Overtaking {
  Objective objective = Objective::throughput;
  std::string title;  ///< the group's
  PairCrossover pair;
  stats::Side newer = stats::Side::neither;
};

/// What zero-copy costs more per message and saves per byte.
struct ZeroCopyPrice {
  Overtaking overtaking;
  stats::TwoTermModel zero_copy;
  stats::TwoTermModel two_copy;
};

/// A zero-copy variant whose sends were copied after all.
struct CopiedVariant {
  std::string name;
  ZeroCopyCounts counts;
};

/// How the misses of a variant differ from the baseline's at one place.
struct CacheChange {
  std::string level;  ///< "L1d", "LLC"
  std::string name;
  std::string baseline;
  Case the_case;
  stats::Interval ratio;  ///< misses per byte, within blocks
};

/// The same case with the fewest and with the most clients: ratios of many over few, within blocks.
struct Crowding {
  Case many;
  std::uint32_t few_clients = 0;
  std::optional<stats::Interval> throughput;  ///< of all clients together
  std::optional<stats::Interval> cpu_per_byte;
  std::optional<stats::Interval> llc_misses_per_byte;
};

/// What the two-term model explains least.
struct Surprise {
  Objective objective = Objective::throughput;
  std::string name;
  stats::TwoTermModel model;
  Row row;                                  ///< where it is furthest off
  double predicted_ns = 0;                  ///< per message
  std::optional<stats::Interval> measured;  ///< over predicted; none of one repetition
};

/// What the study says to each question. Nothing in a part: the study cannot answer it.
struct Answers {
  std::vector<ZeroCopyPrice> prices;      ///< 1: why zero-copy is not always best
  std::vector<CopiedVariant> copied;      ///< each mode once
  std::optional<std::string> no_misses;   ///< 2 and 3: why no cache misses were counted
  std::vector<CacheChange> cache_levels;  ///< 2: the largest change first
  std::vector<Crowding> crowdings;        ///< 3: the largest change of throughput first
  std::vector<Overtaking> one_copy;       ///< 4: against two-copy
  std::vector<Overtaking> zero_copy;      ///< 5: against both that copy
  std::optional<Surprise> surprise;       ///< 6
};

Answers answer(const std::vector<Group>& groups, const std::vector<CrossoverGroup>& crossovers);

}  // namespace ub::analysis
