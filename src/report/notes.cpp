#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "group.hpp"
#include "writing.hpp"

namespace ub::report {
namespace {

using analysis::Analysis;
using analysis::Group;
using analysis::Row;
using Rows = std::vector<const Row*>;
using Notes = std::vector<std::string>;

Rows rows_with_figures(const std::vector<Group>& groups) {
  Rows rows;
  for (const Group& group : groups) {
    for (const Row& row : group.rows) {
      if (!row.valid.empty()) rows.push_back(&row);
    }
  }
  return rows;
}

template <typename Predicate>
bool any_sample(const Rows& rows, Predicate predicate) {
  return std::any_of(rows.begin(), rows.end(), [&](const Row* row) {
    return std::any_of(row->valid.begin(), row->valid.end(),
                       [&](const Sample* sample) { return predicate(*sample); });
  });
}

bool is_unpinned(const Sample& sample) {
  return sample.the_case.client_cpus.empty();
}

void explain_columns(Notes& notes, const GroupOptions& options) {
  if (options.shape.spread) {
    notes.emplace_back(
        "figures are medians of the valid repetitions; +-: how far the 95% interval of the message "
        "rate's median reaches (of fewer than 6 repetitions: min to max)");
  }
  std::string words =
      "CPU ns: CPU time of both processes, user and kernel; server ns: the server's part of it; "
      "client "
      "CPU: share of its cores";
  if (!options.shape.verdicts) {
    words += "; calls/op: system calls of the server per send operation";
  }
  notes.push_back(std::move(words));
}

void explain_repetitions(Notes& notes, const Rows& rows, const GroupOptions& options) {
  if (options.reps == 1) {
    notes.emplace_back("one repetition: no interval, no claim");
    return;
  }
  const bool single =
      std::any_of(rows.begin(), rows.end(), [](const Row* row) { return row->valid.size() == 1; });
  if (single) {
    notes.emplace_back("rows that rest on one valid repetition: no interval, no claim");
  }
}

void explain_lower_bounds(Notes& notes, const Rows& rows) {
  if (!any_sample(rows, analysis::latency_is_lower_bound)) return;
  notes.emplace_back(
      ">=: requests were left without a response, which would have taken longer still; no verdict "
      "on these latencies");
}

void explain_marks(Notes& notes, const Rows& rows) {
  for (const MarkFacts& mark : kMarks) {
    const bool present = any_sample(rows, [&](const Sample& sample) { return sample.has(mark); });
    if (present) notes.push_back(fmt::format("{}: {}", mark.name, mark.meaning));
  }
}

void explain_levels(Notes& notes, const Rows& rows) {
  const bool any = std::any_of(rows.begin(), rows.end(), [](const Row* row) {
    return analysis::levels_of(*row).has_value();
  });
  if (!any) return;
  notes.emplace_back(
      "bimodal: the repetitions lie at two levels, and the median is at the more frequent one; "
      "find "
      "out what has two states before the ratio is quoted");
}

struct Refusal {
  std::string_view error;
  std::string_view meaning;
};

/// What is short when a send is refused with it, and what mends that.
constexpr std::array<Refusal, 2> kRefusals{{
    {"ENOMEM",
     "zero-copy sends were refused because their pages count as locked memory (RLIMIT_MEMLOCK) and "
     "were tried again, which the figures contain; raise it with `ulimit -l unlimited` or give the "
     "program CAP_IPC_LOCK"},
    {"ENOBUFS",
     "sends were refused because a socket's share of memory was used up and were tried again, "
     "which "
     "the figures contain; raise net.core.optmem_max or net.core.wmem_max with `sysctl -w`"},
}};

void explain_refusals(Notes& notes, const Rows& rows) {
  for (const Refusal& refusal : kRefusals) {
    const bool present = std::any_of(rows.begin(), rows.end(), [&](const Row* row) {
      return errors_of(*row).contains(std::string(refusal.error));
    });
    if (present) notes.push_back(fmt::format("{}: {}", refusal.error, refusal.meaning));
  }
}

void explain_batches(Notes& notes, const std::vector<Group>& groups) {
  const bool any = std::any_of(groups.begin(), groups.end(), [](const Group& group) {
    return std::any_of(group.rows.begin(), group.rows.end(), [&](const Row& row) {
      return !row.valid.empty() && group.lacks_baseline(row);
    });
  });
  if (!any) return;
  notes.emplace_back(
      "* the baseline was not measured with so many messages per operation, so there is no ratio: "
      "--batch measures every mode with the same");
}

std::set<std::string> reasons_without_cycles(const Rows& rows) {
  std::set<std::string> reasons;
  for (const Row* row : rows) {
    if (sends_nothing(row->the_case)) continue;
    for (const Sample* sample : row->valid) {
      const Reading reading = analysis::cycles_per_byte(*sample);
      if (const auto* none = std::get_if<Unavailable>(&reading)) reasons.insert(none->reason);
    }
  }
  return reasons;
}

double least_running(const Rows& rows) {
  double least = 1;
  for (const Row* row : rows) {
    const auto cycles = analysis::spread_of(*row, analysis::cycles_per_byte);
    if (cycles) least = std::min(least, cycles->running);
  }
  return least;
}

void explain_cycles(Notes& notes, const Rows& rows) {
  for (const std::string& reason : reasons_without_cycles(rows)) {
    notes.push_back(fmt::format("cycles/B unavailable: {}", reason));
  }
  constexpr double kAllTheTime = 0.9995;
  const double running = least_running(rows);
  if (running < kAllTheTime) {
    notes.push_back(fmt::format(
        "cycles were counted during {} of a window at the least, and scaled up", percent(running)));
  }
}

std::string undecided_text(const analysis::Judged& judged) {
  const std::string range = judged.least_more == judged.most_more
                                ? fmt::format("{}", judged.most_more)
                                : fmt::format("{} to {}", judged.least_more, judged.most_more);
  return fmt::format(
      "undecided: neither a difference nor its absence is shown; about {} more repetitions may do "
      "it",
      range);
}

void explain_verdicts(Notes& notes, const Analysis& analysis) {
  const analysis::Judged judged = analysis::judged_of(analysis.groups);
  if (judged.verdicts == 0) return;
  if (judged.blocks < 2) {
    notes.emplace_back(
        "one repetition cannot show a difference: 3 decide what is clear, 8 to 10 serve "
        "(--reps 10)");
  } else if (judged.most_more > 0) {
    notes.push_back(undecided_text(judged));
  }
  notes.push_back("noise floor: " + noise_text(analysis.noise, judged.blocks));
  const bool at_load =
      std::any_of(analysis.groups.begin(), analysis.groups.end(),
                  [](const Group& group) { return group.rows.front().the_case.rate_per_s > 0; });
  if (at_load) {
    notes.emplace_back(
        "at a fixed arrival rate every way sends as much as is asked for, so ratio and verdict are "
        "of the p99 of the response time, then of its p50 and of the CPU time of both processes; "
        "above 1, or \"faster\", the latency or the CPU time is lower than the baseline's");
  }
  notes.push_back(fmt::format(
      "ratio: mean of the ratios within blocks (geometric, outliers trimmed), with its {:.3g}% "
      "interval; verdict: moderated t test, at most 5% false discoveries among the {} of this "
      "table; a difference under {} is not claimed",
      judged.level * 100, judged.verdicts, percent(judged.threshold)));
}

std::string_view trend_text(stats::Trend trend) {
  switch (trend) {
    case stats::Trend::steady:
      return "steady";
    case stats::Trend::drifting:
      return "drifting: compare only within blocks";
    case stats::Trend::undecided:
      break;
  }
  return "a drift is neither shown nor excluded";
}

/// How the sentinel case changed through the study, in one sentence.
std::string drift_text(const analysis::SentinelDrift& drift) {
  const std::string who = fmt::format("sentinel {}", variant_name(drift.sentinel));
  if (!drift.found) {
    return fmt::format("{}: {} values, too few to tell a drift ({} are needed)", who,
                       drift.values.size(), stats::kFewestSentinels);
  }
  return fmt::format("{}: last over first {}, {}", who, ratio_text(drift.found->ratio),
                     trend_text(drift.found->trend));
}

}  // namespace

std::string noise_text(const analysis::Noise& noise, std::size_t blocks) {
  const std::size_t pairs = noise.log_ratios.size();
  if (pairs == 0) return "not measured: the study has no case that was measured twice";
  const auto floor = noise.floor(blocks);
  if (!floor) {
    return fmt::format("not measured: {} A/A pair{}, and {} are needed", pairs,
                       pairs == 1 ? "" : "s", stats::kFewestPairs);
  }
  return fmt::format("{} ({:.0f}% of medians over {} block{} stay below it), from {} A/A pairs",
                     percent(floor->of_median), floor->level * 100, floor->blocks,
                     floor->blocks == 1 ? "" : "s", floor->pairs);
}

Notes notes_of(const Analysis& analysis, const GroupOptions& options) {
  Notes notes;
  explain_verdicts(notes, analysis);
  const Rows rows = rows_with_figures(analysis.groups);
  if (!rows.empty()) {
    explain_repetitions(notes, rows, options);
    explain_batches(notes, analysis.groups);
    explain_lower_bounds(notes, rows);
    explain_marks(notes, rows);
    explain_levels(notes, rows);
    explain_refusals(notes, rows);
    explain_cycles(notes, rows);
    if (any_sample(rows, is_unpinned)) {
      notes.emplace_back("the client is not pinned: its CPU is a share of one core");
    }
    explain_columns(notes, options);
  }
  if (analysis.drift) notes.push_back(drift_text(*analysis.drift));
  return notes;
}

}  // namespace ub::report
