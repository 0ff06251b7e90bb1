#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "uringbench/base/unavailable.hpp"
#include "uringbench/model/reading.hpp"

namespace ub::perf {

/// Whether a RoleMeter opens the counter. It does not where getrusage(2) keeps the same number
/// exactly and for everyone; a whole CPU has no getrusage.
enum class ForRoles { yes, no };

/// One counter as perf_event_open(2) names it.
struct CounterSpec {
  std::string_view name;     ///< "l1d_misses": the key in Readings
  std::string_view meaning;  ///< one line for people, with what the event is not
  std::uint32_t type = 0;    ///< perf_event_attr::type
  std::uint64_t config = 0;  ///< perf_event_attr::config
  ForRoles for_roles = ForRoles::yes;
};

/// Every counter this program knows how to open, hardware first.
std::span<const CounterSpec> counter_catalogue();

/// The catalogue's entry; null when there is none of that name.
const CounterSpec* find_counter(std::string_view name);

/// Counters to open, by catalogue name. The default set fits the four general counters of a core
/// whose two threads share its PMU (cycles and instructions have their own there), so nothing is
/// multiplexed.
struct CounterSelection {
  std::vector<std::string> names = {"cycles", "instructions", "l1d_misses", "llc_misses"};
};

/// Whom to count: one thread and every thread it starts later (cpu -1), or all that runs on one CPU
/// (tid -1).
struct CounterTarget {
  pid_t tid = -1;
  int cpu = -1;
};

/// An open counter; it counts from the moment it was opened, and closes when it goes.
class OpenCounter {
 public:
  OpenCounter() = default;
  OpenCounter(const OpenCounter&) = delete;
  OpenCounter& operator=(const OpenCounter&) = delete;
  virtual ~OpenCounter() = default;

  /// Totals since it was opened, threads that have ended included; or why they could not be read.
  [[nodiscard]] virtual std::variant<RawCount, Unavailable> read() const = 0;
};

/// A failure of perf_event_open(2): a positive errno.
struct OpenFailure {
  int error = 0;
};

/// Where counters come from. Tests put their own in the kernel's place, since many machines have no
/// PMU.
class CounterSource {
 public:
  CounterSource() = default;
  CounterSource(const CounterSource&) = delete;
  CounterSource& operator=(const CounterSource&) = delete;
  virtual ~CounterSource() = default;

  using Opened = std::variant<std::unique_ptr<OpenCounter>, OpenFailure>;
  [[nodiscard]] virtual Opened open(const CounterSpec& spec, const CounterTarget& target) = 0;
  /// One sentence: errno, likely cause, mend.
  [[nodiscard]] virtual std::string explain(const CounterSpec& spec, const CounterTarget& target,
                                            int error) const = 0;
};

/// perf_event_open(2): user and kernel mode together, never user mode alone. Descriptors are
/// close-on-exec. A thread's counter follows threads (inherit + inherit_thread, Linux 5.13), not
/// child processes, so that it covers what getrusage(2) covers.
class KernelCounterSource : public CounterSource {
 public:
  [[nodiscard]] Opened open(const CounterSpec& spec, const CounterTarget& target) override;
  [[nodiscard]] std::string explain(const CounterSpec& spec, const CounterTarget& target,
                                    int error) const override;
};

}  // namespace ub::perf
