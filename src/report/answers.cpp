// The format `answers`: the six questions of the classic study, answered with the study's own
// numbers and intervals: why zero-copy is not always best, which cache level changes most, how
// clients and cache contention go together, where one-copy and where zero-copy overtake, and what
// fits the two-term model least. An answer that the data cannot give says why, and which run would
// give it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "group.hpp"
#include "renders.hpp"
#include "uringbench/base/units.hpp"
#include "writing.hpp"

namespace ub::report {
namespace {

using analysis::Answers;
using stats::CrossoverOutcome;
using stats::Side;

/// Sentences, one a paragraph; never empty.
using Answer = std::vector<std::string>;

constexpr std::size_t kMostNamed = 6;

std::string sizes_text(const stats::Interval& size) {
  return fmt::format("{} [{}, {}]", size_text(size.value), size_text(size.low),
                     size_text(size.high));
}

std::string clients_text(std::uint32_t clients) {
  return fmt::format("{} client{}", clients, clients == 1 ? "" : "s");
}

Side other(Side side) {
  return side == Side::a ? Side::b : Side::a;
}

std::string crossings_text(const analysis::PairCrossover& pair, Side newer) {
  std::vector<std::string> texts;
  for (const stats::Crossing& crossing : pair.found.crossings) {
    const bool overtakes = crossing.cheaper_below != newer;
    texts.push_back(fmt::format("{} {}", overtakes ? "overtakes at" : "falls back at",
                                sizes_text(crossing.size_bytes)));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string outcome_text(const analysis::PairCrossover& pair, Side newer) {
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

Answer no_pair(std::string_view families) {
  return {
      fmt::format("Cannot be answered from this study: there are no two sizes at which one engine "
                  "sent with {}. bench/sweep.sh crossover has them.",
                  families)};
}

std::string price_text(const analysis::ZeroCopyPrice& price) {
  const auto& [objective, title, pair, newer] = price.overtaking;
  const stats::TwoTermModel& zero = price.zero_copy;
  const stats::TwoTermModel& copy = price.two_copy;
  return fmt::format(
      "{}: {} costs {:.0f} ns a message and {:.4f} ns a byte, {} {:.0f} and {:.4f}: {:+.0f} ns for "
      "each message against {:+.4f} ns for each byte; it {}",
      title, pair.name(newer), zero.fixed, zero.per_byte, pair.name(other(newer)), copy.fixed,
      copy.per_byte, zero.fixed - copy.fixed, zero.per_byte - copy.per_byte,
      outcome_text(pair, newer));
}

Answer why_not_always_zero_copy(const Answers& answers) {
  Answer answer;
  for (const auto& each : answers.prices) answer.push_back(price_text(each));
  if (answer.empty()) answer = no_pair("both zero-copy and two-copy");
  if (answers.copied.empty()) return answer;
  std::vector<std::string> copied;
  for (const auto& each : answers.copied) {
    copied.push_back(fmt::format("{}: {}", each.name, zero_copy_label(each.counts)));
  }
  answer.push_back(fmt::format(
      "The kernel copied after all ({}), so here these sends pay for notifications and save "
      "nothing. Whether they would pay off without that copy, this study cannot tell: run "
      "bench/sweep.sh zero-copy, which has links that do not copy.",
      fmt::join(copied, "; ")));
  return answer;
}

std::string cannot(const std::string& reason) {
  return fmt::format(
      "Cannot be answered from this study: cache misses are unavailable ({}). The same command on "
      "a machine with a PMU, bare metal or a VM that has a virtual one, would answer it.",
      reason);
}

Answer which_cache_level(const Answers& answers) {
  if (answers.no_misses) return {cannot(*answers.no_misses)};
  if (answers.cache_levels.empty()) {
    return {
        "Cannot be answered from this study: it has no two modes with misses in two common "
        "repetitions. bench/sweep.sh classic has."};
  }
  Answer answer{"The largest changes first, as ratios within blocks:"};
  for (const analysis::CacheChange& each : answers.cache_levels) {
    if (answer.size() > kMostNamed) break;
    answer.push_back(fmt::format("{} misses a byte at {}, {}: {} against {} {}", each.level,
                                 format_size(each.the_case.size_bytes),
                                 clients_text(each.the_case.clients), each.name, each.baseline,
                                 ratio_text(each.ratio)));
  }
  return answer;
}

std::string crowding_text(const analysis::Crowding& each) {
  std::string text =
      fmt::format("{} at {}, {} clients against {}:", variant_name(each.many),
                  format_size(each.many.size_bytes), each.many.clients, each.few_clients);
  if (each.throughput) text += " throughput " + ratio_text(*each.throughput);
  if (each.cpu_per_byte) {
    text += ", CPU per byte " + ratio_text(*each.cpu_per_byte);
  }
  if (each.llc_misses_per_byte) {
    text += ", LLC misses a byte " + ratio_text(*each.llc_misses_per_byte);
  }
  return text;
}

Answer clients_and_contention(const Answers& answers) {
  if (answers.crowdings.empty()) {
    return {
        "Cannot be answered from this study: every case has one number of clients. "
        "bench/sweep.sh classic varies it."};
  }
  Answer answer;
  for (const analysis::Crowding& each : answers.crowdings) {
    if (answer.size() == kMostNamed) break;
    answer.push_back(crowding_text(each));
  }
  if (answers.crowdings.size() > kMostNamed) {
    answer.push_back(fmt::format("({} more changed less; --format json holds all)",
                                 answers.crowdings.size() - kMostNamed));
  }
  if (answers.no_misses) {
    answer.push_back("Whether the caches are the cause cannot be said: " +
                     cannot(*answers.no_misses));
  }
  return answer;
}

Answer where_overtakes(const std::vector<analysis::Overtaking>& all, Family newer) {
  if (all.empty())
    return no_pair(fmt::format("both {} and a path that copies more", to_text(newer)));
  Answer answer;
  for (const analysis::Overtaking& each : all) {
    answer.push_back(fmt::format("{}, {}: {} against {}: {}", to_text(each.objective), each.title,
                                 each.pair.name(each.newer), each.pair.name(other(each.newer)),
                                 outcome_text(each.pair, each.newer)));
  }
  return answer;
}

/// The ledger of a case: where its time and its calls went.
std::string ledger(const analysis::Row& row) {
  constexpr std::pair<const char*, analysis::Metric> kFigures[] = {
      {"CPU ns per message", analysis::cpu_ns_per_message},
      {"of which the server's", analysis::server_ns_per_message},
      {"share of it in user space", analysis::server_user_share},
      {"share of a client core", analysis::client_share},
      {"system calls an operation", analysis::system_calls_per_operation},
      {"short sends an operation", analysis::short_sends_per_operation},
      {"cycles a byte", analysis::cycles_per_byte}};
  std::vector<std::string> texts;
  for (const auto& [name, metric] : kFigures) {
    const auto spread = analysis::spread_of(row, metric);
    if (spread) texts.push_back(fmt::format("{} {}", name, short_number(spread->median)));
  }
  return fmt::format(
      "Its ledger: {}. Where the CPU time goes inside the kernel: uringbench explain --mode {} "
      "--size {}",
      fmt::join(texts, ", "), mode_name(row.the_case), format_size(row.the_case.size_bytes));
}

Answer most_unexpected(const Answers& answers) {
  if (!answers.surprise) {
    return {
        fmt::format("Cannot be answered from this study: no mode was measured at {} sizes or "
                    "more, beside another. bench/sweep.sh crossover has 15.",
                    analysis::kFewestSizesForResiduals)};
  }
  const analysis::Surprise& surprise = *answers.surprise;
  const Case& c = surprise.row.the_case;
  return {fmt::format("{} at {}, {}, by {}: the two-term model says {} ns a message, measured is "
                      "{} of that ({:+.1f}% of what was measured).",
                      surprise.name, format_size(c.size_bytes), clients_text(c.clients),
                      to_text(surprise.objective), short_number(surprise.predicted_ns),
                      surprise.measured ? ratio_text(*surprise.measured) : "one repetition",
                      surprise.model.worst.relative * 100),
          ledger(surprise.row)};
}

Page chapter(int number, std::string_view question, const Answer& answer) {
  Page out = fmt::format("\n{}. {}\n", number, question);
  for (const std::string& sentence : answer) {
    out += paragraph(sentence, {.first = 3, .rest = 3});
  }
  return out;
}

Page answers_text(const analysis::StudyData& /*study*/, const analysis::Analysis& analysis,
                  const Look& /*look*/) {
  const Answers& answers = analysis.answers;
  Page out;
  for (const std::string& sentence : finding_sentences(analysis.finding)) {
    out += paragraph(sentence);
  }
  if (!out.empty()) out += '\n';
  out += paragraph(
      "Six questions, answered from this study alone; brackets hold 95% intervals (less with fewer "
      "than 6 repetitions).");
  out += chapter(1, "Why is zero-copy not always best?", why_not_always_zero_copy(answers));
  out += chapter(2, "Which cache level changes most?", which_cache_level(answers));
  out += chapter(3, "How do clients and cache contention go together?",
                 clients_and_contention(answers));
  out += chapter(4, "Where does one-copy overtake two-copy?",
                 where_overtakes(answers.one_copy, Family::one_copy));
  out += chapter(5, "Where does zero-copy overtake the copies?",
                 where_overtakes(answers.zero_copy, Family::zero_copy));
  return out + chapter(6, "What is the most unexpected result?", most_unexpected(answers));
}

std::string winner_text(const analysis::Winner& winner, const std::string& range) {
  switch (winner.how) {
    case analysis::PaysFrom::everywhere:
      return fmt::format("{} at every size of {}", winner.name, range);
    case analysis::PaysFrom::at_latest:
      return fmt::format("{} from {} on at the latest", winner.name,
                         size_text(winner.size_bytes.value));
    case analysis::PaysFrom::crossing:
      break;
  }
  return fmt::format("{} from {} on", winner.name, sizes_text(winner.size_bytes));
}

std::string result_text(const analysis::ZeroCopyResult& result) {
  const std::string range = fmt::format("{} to {}", format_size(result.sizes_bytes.front()),
                                        format_size(result.sizes_bytes.back()));
  if (result.winners.empty()) {
    return fmt::format("none at any size {}{} ({})",
                       result.decided ? "of " : "that is decided, of ", range, result.title);
  }
  std::vector<std::string> texts;
  for (const auto& winner : result.winners) texts.push_back(winner_text(winner, range));
  return fmt::format("{} ({})", fmt::join(texts, ", "), result.title);
}

std::string results_text(const std::vector<analysis::ZeroCopyResult>& results) {
  std::vector<std::string> texts;
  texts.reserve(results.size());
  for (const auto& result : results) texts.push_back(result_text(result));
  return fmt::format("{}", fmt::join(texts, "; "));
}

}  // namespace

std::vector<std::string> finding_sentences(const analysis::Finding& finding) {
  std::vector<std::string> sentences;
  if (!finding.real.empty()) {
    sentences.push_back(fmt::format(
        "Where the kernel did not copy, zero-copy took less CPU (of both ends together) than every "
        "copying way of the same engine: {}.",
        results_text(finding.real)));
  }
  if (!finding.copied.empty()) {
    sentences.push_back(fmt::format(
        "Where it copied after all ({}), these ways of zero-copy took less CPU than every copying "
        "way: {}.",
        finding.cause.empty() ? "cause not found" : finding.cause, results_text(finding.copied)));
  }
  return sentences;
}

Format answers_format() {
  return {.name = "answers",
          .help = "six questions, answered from the study's own numbers",
          .study = answers_text};
}

}  // namespace ub::report
