#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "uringbench/model/case.hpp"
#include "uringbench/model/hosts.hpp"
#include "uringbench/model/ledger.hpp"

namespace ub {

/// One case of a study, and why it cannot be had here (empty: it can).
struct PlannedCase {
  Case the_case;
  std::string unavailable;

  friend bool operator==(const PlannedCase&, const PlannedCase&) = default;
};

/// When a study that is repeated until it knows enough may end: every ratio to `baseline` has an
/// interval that reaches no further than `half_width` from it (relative: 0.03).
struct StopRule {
  double half_width = 0;
  std::string baseline;  ///< a mode; empty: the first that is measured

  friend bool operator==(const StopRule&, const StopRule&) = default;
};

/// A study before it runs. Every block holds each case once, in an order drawn from `seed`.
struct Plan {
  std::vector<PlannedCase> cases;
  std::uint32_t reps = 1;  ///< blocks; with `until` as many at most
  std::uint64_t seed = 1;
  /// Blocks of the study when it began, which its order follows from; 0: as many as `reps`.
  std::uint32_t reps_at_beginning = 0;
  std::optional<StopRule> until = std::nullopt;
  Switch histogram = Switch::off;            ///< samples carry their latency histogram
  std::vector<std::string> counters = {};    ///< to read; empty: sets that fit the CPU, in turn
  ProfileScope profile = ProfileScope::off;  ///< of the cases of Purpose::profile
  Hosts hosts = {};

  friend bool operator==(const Plan&, const Plan&) = default;
};

/// Fewer blocks never end a study with a StopRule: five cannot give a verdict, six hardly.
inline constexpr std::uint32_t kFewestBlocksUntil = 8;

}  // namespace ub
