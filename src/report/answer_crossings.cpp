// Answers about where one way of sending overtakes another, and why not everywhere.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "answer_parts.hpp"
#include "numbers.hpp"
#include "remark.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/model/factor.hpp"

namespace ub::report {
namespace {

using stats::CrossoverOutcome;
using stats::Side;

/// "pthread" of "pthread-two-copy": pairs of one engine differ in nothing but the path.
std::string engine_of(const std::string& mode) {
  return mode.substr(0, mode.find('-'));
}

std::string place_text(const stats::Crossing& crossing) {
  return fmt::format("{} [{}, {}]", size_text(crossing.size_bytes.value),
                     size_text(crossing.size_bytes.low), size_text(crossing.size_bytes.high));
}

std::string crossings_text(const PairCrossover& pair, Side newer) {
  std::vector<std::string> texts;
  for (const stats::Crossing& crossing : pair.found.crossings) {
    const bool overtakes = crossing.cheaper_below != newer;
    texts.push_back(
        fmt::format("{} {}", overtakes ? "overtakes at" : "falls back at", place_text(crossing)));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string outcome_text(const PairCrossover& pair, Side newer) {
  const std::string range = fmt::format("within {} ... {}", format_size(pair.sizes_bytes.front()),
                                        format_size(pair.sizes_bytes.back()));
  switch (pair.found.outcome) {
    case CrossoverOutcome::crossing:
    case CrossoverOutcome::several:
      return crossings_text(pair, newer);
    case CrossoverOutcome::never:
      if (pair.found.cheaper == Side::neither) return "never " + range + ": they are the same";
      return fmt::format("{} {}", pair.found.cheaper == newer ? "is ahead everywhere" : "never",
                         range);
    case CrossoverOutcome::undecided:
      break;
  }
  if (!pair.found.more_blocks) return "undecided";
  return fmt::format("undecided: about {} more repetitions", *pair.found.more_blocks);
}

/// Which side of a pair is of the family `newer`, the other being of `older` and of one engine.
Side newer_side(const Evidence& evidence, const PairCrossover& pair, Family newer, Family older) {
  if (engine_of(pair.a) != engine_of(pair.b)) return Side::neither;
  const Family a = family_of(evidence, pair.a);
  const Family b = family_of(evidence, pair.b);
  if (a == newer && b == older) return Side::a;
  return b == newer && a == older ? Side::b : Side::neither;
}

const stats::TwoTermModel* model_of(const CrossoverGroup& group, const std::string& mode) {
  for (const ModeModel& each : group.models) {
    if (each.mode == mode) return &each.model;
  }
  return nullptr;
}

/// What zero-copy costs more by the message and saves by the byte.
std::string price_text(const Evidence& evidence, const CrossoverGroup& group,
                       const PairCrossover& pair, Side zero_copy) {
  const std::string& zero = zero_copy == Side::a ? pair.a : pair.b;
  const std::string& copy = zero_copy == Side::a ? pair.b : pair.a;
  const stats::TwoTermModel* zero_model = model_of(group, zero);
  const stats::TwoTermModel* copy_model = model_of(group, copy);
  if (zero_model == nullptr || copy_model == nullptr) return "";
  return fmt::format(
      "{}: {} costs {:.0f} ns a message and {:.4f} ns a byte, {} {:.0f} and {:.4f}: {:+.0f} ns for "
      "each message against {:+.4f} ns for each byte; it {}",
      group_text(group, evidence.crossovers), zero, zero_model->fixed, zero_model->per_byte, copy,
      copy_model->fixed, copy_model->per_byte, zero_model->fixed - copy_model->fixed,
      zero_model->per_byte - copy_model->per_byte, outcome_text(pair, zero_copy));
}

/// Zero-copy rows whose sends were copied after all, each mode once.
Answer copied_texts(const Evidence& evidence) {
  Answer texts;
  for (const Block& block : evidence.blocks) {
    for (const Row& row : block.rows) {
      if (row.the_case.family != Family::zero_copy || row.valid.empty()) continue;
      const std::string label = copy_label(row);
      if (label.find("copied") == std::string::npos) continue;
      std::string text = fmt::format("{}: {}", variant_name(row.the_case), label);
      if (std::find(texts.begin(), texts.end(), text) == texts.end()) {
        texts.push_back(std::move(text));
      }
    }
  }
  return texts;
}

void add_copies(Answer& answer, const Evidence& evidence) {
  const Answer copied = copied_texts(evidence);
  if (copied.empty()) return;
  answer.push_back(fmt::format(
      "The kernel copied after all ({}), so here these sends pay for notifications and save "
      "nothing. Whether they would pay off without that copy, this study cannot tell: run "
      "bench/sweep.sh zero-copy, which has links that do not copy.",
      fmt::join(copied, "; ")));
}

Answer no_pair(std::string_view families) {
  return {
      fmt::format("Cannot be answered from this study: there are no two sizes at which one engine "
                  "sent with {}. bench/sweep.sh crossover has them.",
                  families)};
}

}  // namespace

Family family_of(const Evidence& evidence, const std::string& mode) {
  for (const Sample& sample : evidence.samples) {
    const std::string name = variant_name(sample.the_case);
    if (mode == name || mode.starts_with(name + " ")) return sample.the_case.family;
  }
  return Family::none;
}

Answer why_not_always_zero_copy(const Evidence& evidence) {
  Answer answer;
  for (const CrossoverGroup& group : evidence.crossovers) {
    if (group.objective != Objective::throughput) continue;
    for (const PairCrossover& pair : group.pairs) {
      const Side side = newer_side(evidence, pair, Family::zero_copy, Family::two_copy);
      if (side == Side::neither) continue;
      std::string text = price_text(evidence, group, pair, side);
      if (!text.empty()) answer.push_back(std::move(text));
    }
  }
  if (answer.empty()) answer = no_pair("both zero-copy and two-copy");
  add_copies(answer, evidence);
  return answer;
}

Answer where_overtakes(const Evidence& evidence, Family newer, const std::vector<Family>& older) {
  Answer answer;
  for (const CrossoverGroup& group : evidence.crossovers) {
    for (const PairCrossover& pair : group.pairs) {
      for (const Family family : older) {
        const Side side = newer_side(evidence, pair, newer, family);
        if (side == Side::neither) continue;
        answer.push_back(fmt::format("{}, {}: {} against {}: {}", to_text(group.objective),
                                     group_text(group, evidence.crossovers),
                                     side == Side::a ? pair.a : pair.b,
                                     side == Side::a ? pair.b : pair.a, outcome_text(pair, side)));
      }
    }
  }
  if (!answer.empty()) return answer;
  return no_pair(fmt::format("both {} and a path that copies more", to_text(newer)));
}

std::string ratio_text(const stats::Interval& ratio) {
  return fmt::format("{} [{}, {}]", ratio_number(ratio.value), ratio_number(ratio.low),
                     ratio_number(ratio.high));
}

}  // namespace ub::report
