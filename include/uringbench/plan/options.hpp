#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "uringbench/base/affinity.hpp"
#include "uringbench/model/case.hpp"
#include "uringbench/model/ledger.hpp"
#include "uringbench/model/plan.hpp"

namespace ub::plan {

inline constexpr std::uint32_t kMostReps = 10'000;

/// More cases would not end in a lifetime, and would fill the memory before they began.
inline constexpr std::size_t kMostCases = 200'000;

/// The values of factors as typed, by the option of the factor (without dashes). A factor that is
/// not here has its default.
using AskedFactors = std::map<std::string, std::vector<std::string>, std::less<>>;

/// What the two ends may use, where they are not this machine.
struct Machines {
  CpuList server_cpus;
  CpuList load_cpus;
  std::string congestion;  ///< the server's default
};

/// A comparison that a study holds beside its first one: the same, but for these.
struct FurtherComparison {
  std::vector<std::string> modes;
  AskedFactors factors;
};

/// What the user asked for.
struct StudyOptions {
  /// Where a path batches by default, the first mode is measured with the same batch too, so that
  /// one row differs from it in the path alone.
  bool equal_batches = false;
  std::vector<std::string> modes;  ///< names, short names, globs, "all", "default"
  AskedFactors factors = {};
  std::vector<FurtherComparison> also = {};
  Switch histogram = Switch::off;                ///< samples carry their latency histogram
  std::uint32_t reps = 1;                        ///< with `until` as many at most
  std::optional<StopRule> until = std::nullopt;  ///< absent: exactly `reps`
  std::uint64_t seed = 1;
  std::vector<std::string> counters = {};  ///< empty: a set per repetition, in turn
  ProfileScope profile = ProfileScope::off;
  Hosts hosts = {};
  std::optional<Machines> machines = std::nullopt;  ///< of those hosts; absent: this machine
};

}  // namespace ub::plan
