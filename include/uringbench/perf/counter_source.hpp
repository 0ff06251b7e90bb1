#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <variant>

#include "uringbench/base/unavailable.hpp"
#include "uringbench/model/reading.hpp"
#include "uringbench/perf/counter.hpp"

namespace ub::perf {

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
