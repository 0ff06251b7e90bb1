#include "matrix_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "layout.hpp"
#include "writing.hpp"

namespace ub::report {

using analysis::MatrixWinner;

std::string study_letter(std::size_t study) {
  constexpr std::size_t kLetters = 26;
  if (study < kLetters) return std::string(1, static_cast<char>('A' + study));
  return fmt::format("S{}", study + 1);
}

std::string winner_text(const MatrixWinner& winner) {
  if (!winner.unknown.empty()) return winner.unknown;
  std::string text = winner.leaders.front();
  if (winner.over_baseline) {
    text += fmt::format(" {}x", ratio_number(winner.over_baseline->value));
  } else if (winner.leaders.front() == winner.baseline) {
    text += " =";
  }
  if (winner.resolved()) return text;
  const std::size_t others = winner.leaders.size() - 1;
  return fmt::format("{} or {} other{}, not resolved", text, others, others == 1 ? "" : "s");
}

std::string facts_cell(const std::optional<analysis::CaseFacts>& facts) {
  if (!facts) return kNone;
  if (facts->repetitions == 0) {
    const bool unavailable = facts->status == to_text(Status::unavailable);
    const std::string word = unavailable ? "no" : facts->status;
    return facts->reason.empty() ? word : fmt::format("{}: {}", word, facts->reason);
  }
  const std::string copies = analysis::copies_text(*facts);
  return copies.empty() ? "yes" : copies;
}

std::string crossing_cell(const std::optional<stats::Crossover>& found) {
  if (!found) return kNone;
  if (found->crossings.empty()) return std::string(analysis::to_text(found->outcome));
  std::vector<std::string> texts;
  for (const stats::Crossing& each : found->crossings) {
    texts.push_back(fmt::format("{} [{}, {}]", size_text(each.size_bytes.value),
                                size_text(each.size_bytes.low), size_text(each.size_bytes.high)));
  }
  return fmt::format("{}", fmt::join(texts, "; "));
}

std::string explanation_of(const analysis::MatrixChange& change) {
  if (change.explained_by.empty()) return "unexplained";
  return fmt::format("{}", fmt::join(change.explained_by, "; "));
}

bool all_alike(const analysis::MatrixFacts& facts) {
  std::set<std::string> texts;
  for (const auto& each : facts.studies) {
    if (each) texts.insert(facts_cell(each));
  }
  return texts.size() < 2;
}

}  // namespace ub::report
