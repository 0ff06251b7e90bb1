#pragma once

#include "uringbench/base/affinity.hpp"
#include "uringbench/perf/counter_board.hpp"

namespace ub::perf {

/// Counts all that runs on some CPUs, whoever pays for it: softirqs, kernel threads and the
/// acknowledgement work that one role causes on the other's CPU. Beside RoleMeter, not in its
/// place. Needs kernel.perf_event_paranoid <= 0 or CAP_PERFMON; without, every reading is
/// Unavailable and says so.
class CpuMeter {
 public:
  explicit CpuMeter(const CpuList& cpus, const CounterSelection& selection = {});
  CpuMeter(const CpuList& cpus, const CounterSelection& selection, CounterSource& source);

  /// Totals since construction, summed over the CPUs; see ub::difference for a window.
  [[nodiscard]] Readings read() const { return board_.read(); }

 private:
  CounterBoard board_;
};

}  // namespace ub::perf
