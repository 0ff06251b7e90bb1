#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "uringbench/base/unavailable.hpp"
#include "uringbench/model/reading.hpp"
#include "uringbench/perf/counter_source.hpp"

namespace ub::perf {

/// One line of `uringbench probe`.
struct CounterStatus {
  std::string name;
  std::string meaning;
  std::optional<Unavailable> unavailable;  ///< none: it was opened here and really counted
};

/// Every counter a RoleMeter can read, each tried on the calling thread now; takes some 15 ms.
std::vector<CounterStatus> list_counters();
std::vector<CounterStatus> list_counters(CounterSource& source);

/// "role" and "cpus": the two scopes of a Sampler, each opened on the calling process now; what is
/// available says by which event and on what it hangs.
std::vector<CounterStatus> list_samplers();

/// Counters that fit the hardware at the same time. `cycles` and `instructions` are in every set,
/// so that what different sets count can be put on one footing. At most five hardware events: AMD
/// Zen has six counters and Intel four general ones beside those of cycles and instructions, and
/// the kernel's NMI watchdog holds one. A set therefore runs all the time, and needs no kernel-side
/// group, which could not be read for threads that inherit it anyway (perf_event_open(2),
/// PERF_FORMAT_GROUP).
struct CounterSet {
  std::string_view name;
  CounterSelection selection;
};

/// All sets, in the order in which repetitions take them.
std::span<const CounterSet> counter_sets();

/// The set of one repetition: each in its turn, so every counter is read in a share of the
/// repetitions and all the time in those.
const CounterSet& counter_set_of(std::uint32_t rep);

/// Below this share of running time, a scaled-up count is an extrapolation and is marked.
inline constexpr double kTrustedRunningShare = 0.95;

/// Whether some counter ran less than that: the mark "multiplexed". The shares are in the readings.
bool is_multiplexed(const Readings& readings);

/// Counters by name, each opened on several targets and read as their sum.
class CounterBoard {
 public:
  /// A target that has ended since it was listed is left out; any other failure makes that counter
  /// Unavailable as a whole, since a sum over a part would be a wrong number. Throws UsageError for
  /// a name that the catalogue does not have. `source` is used here only.
  CounterBoard(std::span<const std::string> names, std::span<const CounterTarget> targets,
               CounterSource& source);

  /// Totals since construction; one system call a counter and target. Any thread may call it.
  [[nodiscard]] Readings read() const;

 private:
  using OnTargets = std::vector<std::unique_ptr<OpenCounter>>;

  std::map<std::string, std::variant<OnTargets, Unavailable>> counters_;
};

}  // namespace ub::perf
