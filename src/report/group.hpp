#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "uringbench/report/format.hpp"

/// What the table of a study is put together from.
namespace ub::report {

/// Which columns a table has. One choice for all its groups, so that they can be read side by side.
struct Shape {
  bool batch = false;     ///< some row's batch differs
  bool spread = false;    ///< some row has more than one valid repetition
  bool verdicts = false;  ///< some row has a ratio with an interval; then other columns make room
  bool cycles = false;    ///< some row has a cycle count
  bool requests = false;  ///< the workload has requests: latency instead of goodput
};

Shape shape_of(const std::vector<analysis::Group>& groups);

struct GroupOptions {
  Shape shape;
  std::string baseline;  ///< as it was asked for; may be empty
  std::uint32_t reps = 1;
};

/// Title, rows with figures, then what gave none and why, the cost of the harness, and what waiting
/// for buffers costs where the rows differ in --notify.
Page render_group(const analysis::Group& group, const GroupOptions& options);

/// The rows that gave no figures and why.
Page render_failures(const analysis::Group& group, std::uint32_t reps);

/// Messages up to this size are priced each, larger ones by the byte: below it the cost of a send
/// hardly depends on its bytes.
inline constexpr std::uint64_t kPricedEachBytes = 1024;

/// "zero-copy, real 99.8%", "zero-copy asked, 100% copied (local delivery)": what the kernel said
/// of zero-copy sends.
std::string zero_copy_label(const ZeroCopyCounts& counts);

/// What the path of a row claims, and for zero-copy what the kernel said of it: "one-copy",
/// "zero-copy, real 99.8%", "zero-copy asked, 100% copied". More than 1 % copied, or not reported,
/// costs the plain label (honesty rule 2).
std::string copy_label(const analysis::Row& row);

/// What stands behind the figures of a row: copies, marks, and how many repetitions it rests on if
/// some of `reps` are missing.
std::string remark_of(const analysis::Row& row, std::uint32_t reps);

/// "harness cost (null path): epoll 15 ns, uring 210 ns a message"; empty without a measured null
/// row.
std::string harness_cost(const analysis::Group& group);

/// What a reader must know to read the table: how verdicts were made and what stands behind them,
/// the words of its head, each thing in it that limits what may be concluded, and the drift. One
/// note a line of text; only those that apply.
/// Sends of the row's valid samples that were refused and tried again, by errno.
std::map<std::string, std::uint64_t> errors_of(const analysis::Row& row);

std::vector<std::string> notes_of(const analysis::Analysis& analysis, const GroupOptions& options);

/// "1.2% (95% of medians over 10 blocks stay below it), from 20 A/A pairs", or "not measured: " and
/// the reason.
std::string noise_text(const analysis::Noise& noise, std::size_t blocks);

}  // namespace ub::report
