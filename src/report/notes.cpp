#include "notes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "numbers.hpp"

namespace ub::report {
namespace {

using Rows = std::vector<const Row*>;
using Notes = std::vector<std::string>;

Rows rows_with_figures(const std::vector<Block>& blocks) {
  Rows rows;
  for (const Block& block : blocks) {
    for (const Row& row : block.rows) {
      if (!row.valid.empty()) rows.push_back(&row);
    }
  }
  return rows;
}

template <typename Predicate>
bool any_sample(const Rows& rows, Predicate predicate) {
  return std::any_of(rows.begin(), rows.end(), [&](const Row* row) {
    return std::any_of(row->valid.begin(), row->valid.end(), predicate);
  });
}

bool is_unpinned(const Sample& sample) {
  return sample.the_case.client_cpus.empty();
}

void explain_columns(Notes& notes, const BlockOptions& options) {
  if (options.shape.spread) {
    notes.emplace_back(
        "figures are medians of the valid repetitions; +-: how far the 95% interval of the message "
        "rate's median reaches (of fewer than 6 repetitions: min to max)");
  }
  std::string words =
      "server ns: CPU time of its process, user and kernel; client CPU: share of its cores";
  if (!options.shape.verdicts) {
    words += "; calls/op: system calls of the server a send operation";
  }
  notes.push_back(std::move(words));
}

void explain_repetitions(Notes& notes, const Rows& rows, const BlockOptions& options) {
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

struct Mark {
  std::string_view name;
  std::string_view meaning;
};

/// The marks that the study gives; one that is not here stands in its row without a note.
constexpr std::array<Mark, 8> kMarks{{
    {"client-bound",
     "the load generator had hardly any CPU left; the server could have sent more, so its ratio "
     "says little"},
    {"shared-cpu", "server and client were pinned to a CPU in common and took it from each other"},
    {"buffer-bound",
     "many sends waited until the kernel released a buffer; a larger working set has more of them"},
    {"cq-overflow", "the ring's completion queue overflowed, and completions took a slower way"},
    {"drift",
     "the sentinel says that the machine had become faster or slower since the study began; ratios "
     "within a block stand"},
    {"verified",
     "the client checked every byte, which costs its CPU; do not compare with rows without"},
    {"noisy-host", "the hypervisor took more than 1 % of the time of the CPUs in use"},
    {"multiplexed", "a counter ran less than 95 % of the window, and its value was scaled up"},
}};

void explain_marks(Notes& notes, const Rows& rows) {
  for (const Mark& mark : kMarks) {
    const bool present = any_sample(rows, [&](const Sample& sample) {
      return std::find(sample.marks.begin(), sample.marks.end(), mark.name) != sample.marks.end();
    });
    if (present) notes.push_back(fmt::format("{}: {}", mark.name, mark.meaning));
  }
}

void explain_batches(Notes& notes, const std::vector<Block>& blocks, const BlockOptions& options) {
  for (const Block& block : blocks) {
    const Row* baseline = baseline_of(block, options.baseline);
    if (baseline == nullptr) continue;
    for (const Row& row : block.rows) {
      if (row.valid.empty() || sends_nothing(row.the_case)) continue;
      if (row.the_case.batch == baseline->the_case.batch) continue;
      notes.emplace_back(
          "* messages an operation differ from the baseline's: the ratio compares different "
          "batches");
      return;
    }
  }
}

std::set<std::string> reasons_without_cycles(const Rows& rows) {
  std::set<std::string> reasons;
  for (const Row* row : rows) {
    if (sends_nothing(row->the_case)) continue;
    for (const Sample& sample : row->valid) {
      const Reading reading = cycles_per_byte(sample);
      if (const auto* none = std::get_if<Unavailable>(&reading)) reasons.insert(none->reason);
    }
  }
  return reasons;
}

double least_running(const Rows& rows) {
  double least = 1;
  for (const Row* row : rows) {
    for (const Sample& sample : row->valid) {
      const Reading reading = cycles_per_byte(sample);
      if (const auto* counted = std::get_if<Counted>(&reading)) {
        least = std::min(least, counted->running);
      }
    }
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

}  // namespace

Notes notes_of(const std::vector<Block>& blocks, const BlockOptions& options) {
  const Rows rows = rows_with_figures(blocks);
  Notes notes;
  if (rows.empty()) return notes;
  explain_repetitions(notes, rows, options);
  explain_batches(notes, blocks, options);
  explain_marks(notes, rows);
  explain_cycles(notes, rows);
  if (any_sample(rows, is_unpinned)) {
    notes.emplace_back("the client is not pinned: its CPU is a share of one core");
  }
  explain_columns(notes, options);
  return notes;
}

}  // namespace ub::report
