#include "verdict_notes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "numbers.hpp"
#include "uringbench/stats/permutation.hpp"

namespace ub::report {
namespace {

using Verdicts = std::vector<const stats::Comparison*>;

struct Judged {
  Verdicts verdicts;
  std::size_t blocks = 0;   ///< the most that a row rests on
  std::uint64_t least = 0;  ///< more repetitions that undecided rows lack
  std::uint64_t most = 0;
};

void add(Judged& judged, const Row& row) {
  if (!row.against_baseline || !row.against_baseline->ratio) return;
  const stats::Comparison& result = *row.against_baseline;
  judged.verdicts.push_back(&result);
  judged.blocks = std::max(judged.blocks, row.valid.size());
  if (result.verdict != stats::Verdict::undecided || !result.more_blocks) return;
  judged.least =
      judged.least == 0 ? *result.more_blocks : std::min(judged.least, *result.more_blocks);
  judged.most = std::max(judged.most, *result.more_blocks);
}

Judged judged_of(const std::vector<Block>& blocks) {
  Judged judged;
  for (const Block& block : blocks) {
    for (const Row& row : block.rows) add(judged, row);
  }
  return judged;
}

std::string undecided_text(const Judged& judged) {
  const std::string range = judged.least == judged.most
                                ? fmt::format("{}", judged.most)
                                : fmt::format("{} to {}", judged.least, judged.most);
  return fmt::format(
      "undecided: neither a difference nor its absence is shown; about {} more repetitions may do "
      "it",
      range);
}

/// The confidence that every interval has at the least.
double least_level(const Verdicts& verdicts) {
  double level = 1;
  for (const stats::Comparison* each : verdicts) level = std::min(level, each->ratio->level);
  return level;
}

std::string how_made(const Judged& judged) {
  return fmt::format(
      "ratio: median of the ratios within blocks, with its {:.3g}% interval; verdict: permutation "
      "test, at most 5% false discoveries among the {} of this table; below {} it is `same`",
      least_level(judged.verdicts) * 100, judged.verdicts.size(),
      percent(judged.verdicts.front()->threshold));
}

}  // namespace

std::vector<std::string> verdict_notes(const std::vector<Block>& blocks, const NoiseArm& noise) {
  const Judged judged = judged_of(blocks);
  std::vector<std::string> notes;
  if (judged.verdicts.empty()) return notes;
  constexpr double kFalseRate = 0.05;
  if (stats::smallest_sign_flip_p(judged.blocks) > kFalseRate) {
    notes.push_back(fmt::format(
        "{} repetitions cannot show a difference, however clear it is: 6 are the least, "
        "8 to 10 serve (--reps 10)",
        judged.blocks));
  } else if (judged.most > 0) {
    notes.push_back(undecided_text(judged));
  }
  notes.push_back("noise floor: " + noise.text(judged.blocks));
  notes.push_back(how_made(judged));
  return notes;
}

}  // namespace ub::report
