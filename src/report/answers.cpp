#include "uringbench/report/answers.hpp"

#include <fmt/format.h>

#include "answer_parts.hpp"
#include "finding.hpp"
#include "harness.hpp"
#include "wrap.hpp"

namespace ub::report {
namespace {

std::string chapter(int number, std::string_view question, const Answer& answer) {
  std::string out = fmt::format("{}. {}\n", number, question);
  for (const std::string& sentence : answer) {
    out += paragraph(sentence, {.first = 3, .rest = 3});
  }
  return out + '\n';
}

}  // namespace

std::string answers_text(const record::Recording& recording) {
  const Plan plan = record::plan_of(recording);
  const Evidence evidence{
      arrange(part_of(plan, Purpose::comparison), part_of(recording.samples, Purpose::comparison)),
      find_crossovers(recording.samples), part_of(recording.samples, Purpose::comparison)};
  std::string out = zero_copy_finding(evidence.samples, evidence.crossovers);
  if (!out.empty()) out += '\n';
  out +=
      "Six questions, answered from this study alone; brackets hold 95% intervals (less with fewer "
      "than\n6 repetitions).\n\n";
  out += chapter(1, "Why is zero-copy not always best?", why_not_always_zero_copy(evidence));
  out += chapter(2, "Which cache level changes most?", which_cache_level(evidence));
  out += chapter(3, "How do clients and cache contention go together?",
                 clients_and_contention(evidence));
  out += chapter(4, "Where does one-copy overtake two-copy?",
                 where_overtakes(evidence, Family::one_copy, {Family::two_copy}));
  out +=
      chapter(5, "Where does zero-copy overtake the copies?",
              where_overtakes(evidence, Family::zero_copy, {Family::two_copy, Family::one_copy}));
  out += chapter(6, "What is the most unexpected result?", most_unexpected(evidence));
  out.pop_back();
  return out;
}

}  // namespace ub::report
