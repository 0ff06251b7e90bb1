#include "uringbench/perf/meters.hpp"

#include <sys/resource.h>

#include "procfs.hpp"
#include "uringbench/base/clock.hpp"

namespace ub::perf {
namespace {

std::vector<CounterTarget> targets_of(const CpuList& cpus) {
  std::vector<CounterTarget> targets;
  for (const int cpu : cpus) targets.push_back({.cpu = cpu});
  return targets;
}

CounterBoard open_board(const CpuList& cpus, const CounterSelection& selection) {
  KernelCounterSource kernel;
  return {selection.names, targets_of(cpus), kernel};
}

}  // namespace

CpuMeter::CpuMeter(const CpuList& cpus, const CounterSelection& selection, CounterSource& source)
    : board_(selection.names, targets_of(cpus), source) {}

CpuMeter::CpuMeter(const CpuList& cpus, const CounterSelection& selection)
    : board_(open_board(cpus, selection)) {}

namespace {

/// The names that getrusage(2) does not cover; unknown ones stay, for the board to refuse.
std::vector<std::string> to_open(const CounterSelection& selection) {
  std::vector<std::string> names;
  for (const std::string& name : selection.names) {
    const CounterSpec* spec = find_counter(name);
    if (spec == nullptr || spec->for_roles == ForRoles::yes) names.push_back(name);
  }
  return names;
}

std::vector<CounterTarget> every_thread() {
  std::vector<CounterTarget> targets;
  for (const pid_t tid : threads_of_this_process()) targets.push_back({.tid = tid});
  return targets;
}

CounterBoard open_board(const CounterSelection& selection) {
  KernelCounterSource kernel;
  return {to_open(selection), every_thread(), kernel};
}

std::uint64_t to_ns(const timeval& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000U +
         static_cast<std::uint64_t>(time.tv_usec) * 1'000U;
}

Counted exact(long count) {
  return Counted{static_cast<double>(count), 1};
}

void add_kernel_accounting(const rusage& usage, Readings& readings) {
  readings["context_switches_voluntary"] = exact(usage.ru_nvcsw);
  readings["context_switches_involuntary"] = exact(usage.ru_nivcsw);
  readings["context_switches"] = exact(usage.ru_nvcsw + usage.ru_nivcsw);
  readings["page_faults_minor"] = exact(usage.ru_minflt);
  readings["page_faults_major"] = exact(usage.ru_majflt);
  readings["page_faults"] = exact(usage.ru_minflt + usage.ru_majflt);
}

}  // namespace

RoleMeter::RoleMeter(const CounterSelection& selection, CounterSource& source)
    : board_(to_open(selection), every_thread(), source) {}

RoleMeter::RoleMeter(const CounterSelection& selection) : board_(open_board(selection)) {}

RoleUsage RoleMeter::read() const {
  RoleUsage usage;
  usage.counters = board_.read();
  rusage kernel{};
  ::getrusage(RUSAGE_SELF, &kernel);
  add_kernel_accounting(kernel, usage.counters);
  usage.user_ns = to_ns(kernel.ru_utime);
  usage.system_ns = to_ns(kernel.ru_stime);
  usage.cpu_ns = process_cpu_ns();
  return usage;
}

}  // namespace ub::perf
