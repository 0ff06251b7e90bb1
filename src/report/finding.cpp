// The finding that a study of zero-copy opens with.
#include "finding.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>

#include "copies.hpp"
#include "cost_arms.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/model/factor.hpp"
#include "wrap.hpp"

namespace ub::report {
namespace {

using stats::CrossoverOutcome;
using stats::Side;

/// `crossing`: with its interval; `everywhere`: wherever the two differ; `at_latest`: measured so
/// at this size and all above it, undecided at one below.
enum class How { crossing, everywhere, at_latest };

/// From which size on one mode costs less.
struct From {
  stats::Interval size_bytes;
  How how = How::crossing;
};

struct Winner {
  std::string mode;
  From from;
};

/// What a group compares: each zero-copy mode with all copying ones of its engine.
struct Contest {
  const CrossoverGroup* group = nullptr;
  ZeroCopyCounts counts;                   ///< of all its zero-copy sends
  std::vector<std::uint64_t> sizes_bytes;  ///< the most that a pair has; none without a pair
  bool decided = true;                     ///< no pair is undecided
  std::vector<Winner> winners;             ///< that pay from some size on, the smallest first
};

using Examples = std::map<std::string, Case>;

bool in_group(const Sample& sample, const CrossoverGroup& group) {
  return same_group(sample.the_case, group.example);
}

/// Of a zero-copy path without reports (sendfile) nobody knows what it saved.
bool says_nothing(const Sample& sample) {
  if (sample.the_case.family != Family::zero_copy) return false;
  return !sample.zero_copy || sample.zero_copy->real + sample.zero_copy->copied == 0;
}

/// The modes of a group as they stand in its pairs.
Examples examples_of(const std::vector<Sample>& samples, const CrossoverGroup& group) {
  Examples examples;
  for (const Sample& sample : samples) {
    if (!in_group(sample, group) || says_nothing(sample)) continue;
    const std::string name = variant_name(sample.the_case);
    examples.emplace(name, sample.the_case);
    examples.emplace(fmt::format("{} x{}", name, sample.the_case.batch), sample.the_case);
  }
  return examples;
}

/// The side that asks for zero-copy, where the other side copies and is of the same engine.
Side zero_copy_side(const PairCrossover& pair, const Examples& examples) {
  const auto a = examples.find(pair.a);
  const auto b = examples.find(pair.b);
  if (a == examples.end() || b == examples.end()) return Side::neither;
  if (a->second.engine != b->second.engine) return Side::neither;
  const bool a_asks = a->second.family == Family::zero_copy;
  const bool b_asks = b->second.family == Family::zero_copy;
  if (a_asks == b_asks) return Side::neither;
  return a_asks ? Side::a : Side::b;
}

From from_measured(std::uint64_t size_bytes, How how) {
  const auto size = static_cast<double>(size_bytes);
  return {{.low = size, .value = size, .high = size}, how};
}

/// The smallest size from which on `side` was shown to be cheaper at every one.
std::optional<From> shown_from(const PairCrossover& pair, Side side) {
  const auto wins = side == Side::a ? stats::Verdict::faster : stats::Verdict::slower;
  std::size_t first = pair.sizes_bytes.size();
  while (first > 0 && pair.found.sizes[first - 1].verdict == wins) --first;
  if (first == pair.sizes_bytes.size()) return std::nullopt;
  return from_measured(pair.sizes_bytes[first], first == 0 ? How::everywhere : How::at_latest);
}

/// nullopt where `side` is not the cheaper one at the large end.
std::optional<From> pays_from(const PairCrossover& pair, Side side) {
  switch (pair.found.outcome) {
    case CrossoverOutcome::never:
      if (pair.found.cheaper != side) return std::nullopt;
      return from_measured(pair.sizes_bytes.front(), How::everywhere);
    case CrossoverOutcome::undecided:
      return shown_from(pair, side);
    case CrossoverOutcome::crossing:
    case CrossoverOutcome::several:
      break;
  }
  const stats::Crossing& last = pair.found.crossings.back();
  if (last.cheaper_below == side) return std::nullopt;
  return From{last.size_bytes, How::crossing};
}

/// From where on `mode` costs less than every copying one: the last to be overtaken decides.
std::optional<From> pays_against_all(const CrossoverGroup& group, const Examples& examples,
                                     const std::string& mode) {
  std::optional<From> latest;
  for (const PairCrossover& pair : group.pairs) {
    const Side side = zero_copy_side(pair, examples);
    if (side == Side::neither || (side == Side::a ? pair.a : pair.b) != mode) continue;
    const auto from = pays_from(pair, side);
    if (!from) return std::nullopt;
    if (!latest || from->size_bytes.value > latest->size_bytes.value) latest = from;
  }
  return latest;
}

Contest contest_of(const CrossoverGroup& group, const std::vector<Sample>& samples) {
  Contest contest;
  contest.group = &group;
  for (const Sample& sample : samples) {
    if (sample.zero_copy && in_group(sample, group)) contest.counts += *sample.zero_copy;
  }
  const Examples examples = examples_of(samples, group);
  for (const auto& [mode, example] : examples) {
    if (example.family != Family::zero_copy) continue;
    const auto from = pays_against_all(group, examples, mode);
    if (!from) continue;
    contest.winners.push_back({mode, *from});
  }
  std::stable_sort(contest.winners.begin(), contest.winners.end(),
                   [](const Winner& left, const Winner& right) {
                     return left.from.size_bytes.value < right.from.size_bytes.value;
                   });
  for (const PairCrossover& pair : group.pairs) {
    if (zero_copy_side(pair, examples) == Side::neither) continue;
    contest.decided &= pair.found.outcome != CrossoverOutcome::undecided;
    if (pair.sizes_bytes.size() > contest.sizes_bytes.size())
      contest.sizes_bytes = pair.sizes_bytes;
  }
  return contest;
}

/// Server CPU: what zero-copy is to save, and what a sink and a network alike can show.
std::vector<Contest> contests_of(const std::vector<Sample>& samples,
                                 const std::vector<CrossoverGroup>& groups) {
  std::vector<Contest> contests;
  for (const CrossoverGroup& group : groups) {
    if (group.objective != Objective::server_cpu) continue;
    Contest contest = contest_of(group, samples);
    if (!contest.sizes_bytes.empty()) contests.push_back(std::move(contest));
  }
  return contests;
}

std::string range_of(const Contest& contest) {
  const std::vector<std::uint64_t>& sizes = contest.sizes_bytes;
  return fmt::format("{} to {}", format_size(sizes.front()), format_size(sizes.back()));
}

std::string winner_text(const Winner& winner, const Contest& contest) {
  const stats::Interval& size = winner.from.size_bytes;
  switch (winner.from.how) {
    case How::everywhere:
      return fmt::format("{} at every size of {}", winner.mode, range_of(contest));
    case How::at_latest:
      return fmt::format("{} from {} on at the latest", winner.mode, size_text(size.value));
    case How::crossing:
      break;
  }
  return fmt::format("{} from {} [{}, {}] on", winner.mode, size_text(size.value),
                     size_text(size.low), size_text(size.high));
}

std::string result_of(const Contest& contest) {
  if (contest.winners.empty()) {
    return contest.decided ? "none at any size of " + range_of(contest)
                           : "none at any size that is decided, of " + range_of(contest);
  }
  std::vector<std::string> texts;
  texts.reserve(contest.winners.size());
  for (const Winner& winner : contest.winners) texts.push_back(winner_text(winner, contest));
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string results_of(const std::vector<const Contest*>& contests,
                       const std::vector<CrossoverGroup>& groups) {
  std::vector<std::string> texts;
  texts.reserve(contests.size());
  for (const Contest* contest : contests) {
    texts.push_back(
        fmt::format("{} ({})", result_of(*contest), group_text(*contest->group, groups)));
  }
  return fmt::format("{}", fmt::join(texts, "; "));
}

}  // namespace

std::string zero_copy_finding(const std::vector<Sample>& samples,
                              const std::vector<CrossoverGroup>& groups) {
  const std::vector<Contest> contests = contests_of(samples, groups);
  std::vector<const Contest*> real;
  std::vector<const Contest*> copied;
  std::string cause;
  for (const Contest& contest : contests) {
    if (contest.group->pairs.front().blocks < kFewestBlocksForACrossover) return "";
    if (was_really_copied(contest.counts)) {
      copied.push_back(&contest);
      if (cause.empty()) cause = contest.counts.cause;
    } else if (contest.counts.real > 0) {
      real.push_back(&contest);
    }
  }
  std::string out;
  if (!real.empty()) {
    out += paragraph(fmt::format(
        "Where the kernel did not copy, zero-copy took less of the server's CPU than every copying "
        "way of the same engine: {}.",
        results_of(real, groups)));
  }
  if (!copied.empty()) {
    out += paragraph(
        fmt::format("Where it copied after all ({}), zero-copy took less than these: {}.",
                    cause.empty() ? "cause not found" : cause, results_of(copied, groups)));
  }
  return out;
}

}  // namespace ub::report
