#pragma once

#include "uringbench/base/affinity.hpp"
#include "uringbench/model/snapshot.hpp"
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

/// Counts what this process (one role) spends. Construct it in the role's process before its
/// threads start: every thread alive then is counted, and every thread those start later,
/// io_uring's helpers included. A counter that cannot be had is Unavailable with the errno, the
/// cause and the mend.
///
/// Always there, from getrusage(2): context_switches_voluntary, context_switches_involuntary,
/// context_switches (their sum), page_faults_minor, page_faults_major, page_faults (their sum).
class RoleMeter {
 public:
  /// Throws UsageError for a name that the catalogue does not have.
  explicit RoleMeter(const CounterSelection& selection = {});
  /// The same with counters from elsewhere; `source` is used in the constructor only.
  RoleMeter(const CounterSelection& selection, CounterSource& source);

  /// Totals: counters since construction, all else since the process started. Two reads make a
  /// window (see ub::difference). One system call a counter and one getrusage(2). Any thread may
  /// call it.
  [[nodiscard]] RoleUsage read() const;

 private:
  CounterBoard board_;
};

}  // namespace ub::perf
