// Why one of two modes is faster, in one sentence.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "renders.hpp"
#include "writing.hpp"

namespace ub::report {
namespace {

using analysis::CategoryDifference;
using analysis::ExplainedSide;
using analysis::Explanation;

/// A sentence names so many categories on either side; the rest is summed up.
constexpr std::size_t kNamed = 3;

enum class Sign { saved, paid };

/// Differences of one sign that are larger than their error.
std::vector<CategoryDifference> shown(const std::vector<CategoryDifference>& all, Sign sign) {
  std::vector<CategoryDifference> some;
  std::copy_if(all.begin(), all.end(), std::back_inserter(some),
               [&](const CategoryDifference& each) {
                 return each.shown() && (each.difference.ns < 0) == (sign == Sign::saved);
               });
  return some;
}

double sum_of(const std::vector<CategoryDifference>& some) {
  double sum = 0;
  for (const CategoryDifference& each : some) sum += std::abs(each.difference.ns);
  return sum;
}

/// "310 ns a message (flatten copy 186, user-to-kernel copy 124)"
std::string amount(const std::vector<CategoryDifference>& some) {
  std::vector<std::string> named;
  double rest = sum_of(some);
  for (const CategoryDifference& each : some) {
    if (named.size() == kNamed) break;
    const double ns = std::abs(each.difference.ns);
    named.push_back(fmt::format("{} {}", label(each.category), short_number(ns)));
    rest -= ns;
  }
  if (some.size() > named.size()) named.push_back(fmt::format("other {}", short_number(rest)));
  return fmt::format("{} ns a message ({})", short_number(sum_of(some)), fmt::join(named, ", "));
}

std::string work(const Explanation& explanation) {
  const std::string a = mode_name(explanation.a.the_case);
  const std::string b = mode_name(explanation.b.the_case);
  for (const ExplainedSide* side : {&explanation.a, &explanation.b}) {
    if (side->server.missing.empty()) continue;
    return fmt::format("where the time of {} goes is not known ({})", mode_name(side->the_case),
                       side->server.missing);
  }
  const auto saved = shown(explanation.server, Sign::saved);
  const auto paid = shown(explanation.server, Sign::paid);
  if (saved.empty() && paid.empty()) {
    return fmt::format("the servers of {} and {} spend their time alike, as far as {} samples show",
                       b, a, std::min(explanation.a.server.samples, explanation.b.server.samples));
  }
  const std::string gain = saved.empty() ? "saves nothing" : fmt::format("saves {}", amount(saved));
  const std::string price =
      paid.empty() ? "pays nothing for it" : fmt::format("pays {}", amount(paid));
  return fmt::format("against {}, the server of {} {} and {}", a, b, gain, price);
}

std::string basis_of(const stats::Interval& ratio, std::size_t reps) {
  return fmt::format("message rate x{}, {:.0f} % interval {} to {}, {} repetitions",
                     ratio_number(ratio.value), 100 * ratio.level, ratio_number(ratio.low),
                     ratio_number(ratio.high), reps);
}

std::string outcome(const Explanation& explanation) {
  const stats::Comparison& speed = explanation.speed;
  if (!speed.ratio) return "no speed to compare, which takes two repetitions of both";
  const double ratio = speed.ratio->value;
  const std::size_t reps = std::min(explanation.a.rates.size(), explanation.b.rates.size());
  const std::string basis = basis_of(*speed.ratio, reps);
  switch (speed.verdict) {
    case stats::Verdict::faster:
      return fmt::format("faster by {:.2f}x ({})", ratio, basis);
    case stats::Verdict::slower:
      return fmt::format("slower by {:.2f}x ({})", 1 / ratio, basis);
    case stats::Verdict::same:
      return fmt::format("no faster or slower by more than {:.0f} % ({})", 100 * speed.threshold,
                         basis);
    case stats::Verdict::undecided:
      break;
  }
  return fmt::format("whether it is faster is undecided ({})", basis);
}

std::string signed_ns(double ns) {
  return fmt::format("{}{}", ns < 0 ? '-' : '+', short_number(std::abs(ns)));
}

/// How much of the difference in time the server's work explains; empty where there is none to
/// explain.
std::string explained_part(const Explanation& explanation) {
  if (!explanation.time || !explanation.time->shown()) return "";
  const analysis::TimeDifference& time = *explanation.time;
  std::string text =
      fmt::format(" Of the {} ns (+-{}) that a message takes {}, the server's CPU time is {}",
                  short_number(std::abs(time.time.ns)), short_number(time.time.half),
                  time.time.ns < 0 ? "less" : "more", signed_ns(time.server_cpu.ns));
  const double share = time.server_cpu.ns / time.time.ns;
  if (share >= 0 && share <= 1) text += fmt::format(" ({:.0f} %)", 100 * share);
  return text + fmt::format(", waiting for the peer, the link, a buffer or the CPU {}.",
                            signed_ns(time.waiting_ns()));
}

}  // namespace

std::string sentence_of(const Explanation& explanation) {
  std::string sentence = fmt::format("{}: {}.{}", work(explanation), outcome(explanation),
                                     explained_part(explanation));
  sentence.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(sentence.front())));
  return sentence;
}

}  // namespace ub::report
