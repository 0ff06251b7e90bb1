#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "arrange.hpp"
#include "uringbench/report/reporter.hpp"

namespace ub::report {

/// Which columns a table has. One choice for all its blocks, so that they can be read side by side.
struct Shape {
  bool batch = false;     ///< some row's batch differs
  bool spread = false;    ///< some row has more than one valid repetition
  bool verdicts = false;  ///< some row has a ratio with an interval; then other columns make room
  bool cycles = false;    ///< some row has a cycle count
  bool requests = false;  ///< the workload has requests: latency instead of goodput
};

Shape shape_of(const std::vector<Block>& blocks);

struct BlockOptions {
  Shape shape;
  std::string title;
  std::string baseline;  ///< as in TableOptions
  std::uint32_t reps = 1;
  Colour colour = Colour::off;
};

/// Title, rows with figures, then what gave none and why, then the cost of the harness.
std::string render_block(const Block& block, const BlockOptions& options);

/// The rows that gave no figures and why; whole lines.
std::string render_failures(const Block& block, std::uint32_t reps);

/// Messages up to this size are priced each, larger ones by the byte: below it the cost of a send
/// hardly depends on its bytes.
inline constexpr std::uint64_t kPricedEachBytes = 1024;

}  // namespace ub::report
