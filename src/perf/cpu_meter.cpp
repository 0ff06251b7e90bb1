#include "uringbench/perf/cpu_meter.hpp"

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

}  // namespace ub::perf
