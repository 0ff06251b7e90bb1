#pragma once

#include <string>

#include "uringbench/model/counts.hpp"

namespace ub::load {

/// What has happened on all connections of a load generator so far. After the end, without a
/// failure, `requests` = `responses`, and in an open loop `planned` = `requests` + `abandoned`.
struct GeneratorCounts : LoadCounts {
  std::string failure;  ///< empty while all is well; else the first thing that went wrong
};

/// How a wait for the end of all connections came out: every one has ended, well or badly; the
/// deadline passed; the interrupt descriptor became readable or the load generator was aborted.
enum class Ending { all_closed, deadline, interrupted };

}  // namespace ub::load
