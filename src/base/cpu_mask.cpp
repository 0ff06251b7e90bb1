#include "uringbench/base/cpu_mask.hpp"

#include <cerrno>

#include "uringbench/base/error.hpp"

namespace ub {

CpuMask::CpuMask(const CpuList& cpus) : CpuMask() {
  for (const int cpu : cpus) {
    words_.at(static_cast<std::size_t>(cpu / kBitsPerWord)) |=
        1UL << static_cast<unsigned>(cpu % kBitsPerWord);
  }
}

CpuMask CpuMask::allowed() {
  CpuMask mask;
  if (::sched_getaffinity(0, mask.size_bytes(), mask.get()) != 0) {
    throw_setup_error("reading the CPUs this process may use", errno);
  }
  return mask;
}

CpuList CpuMask::cpus() const {
  CpuList cpus;
  for (int cpu = 0; cpu < kMostCpus; ++cpu) {
    const unsigned long word = words_[static_cast<std::size_t>(cpu / kBitsPerWord)];
    if ((word >> static_cast<unsigned>(cpu % kBitsPerWord) & 1U) != 0) cpus.push_back(cpu);
  }
  return cpus;
}

}  // namespace ub
