#pragma once

#include <sched.h>

#include <cstddef>
#include <vector>

#include "uringbench/base/affinity.hpp"

namespace ub {

/// No kernel has more (CONFIG_NR_CPUS of x86 and arm64).
inline constexpr int kMostCpus = 8192;

/// A set of CPUs as the kernel takes and gives it, as large as a machine may need: cpu_set_t ends
/// at 1,024 (CPU_SET(3)).
class CpuMask {
 public:
  CpuMask() : words_(kMostCpus / kBitsPerWord) {}
  explicit CpuMask(const CpuList& cpus);
  /// Those that the calling thread may use: sched_getaffinity(2). Throws SetupError.
  static CpuMask allowed();

  [[nodiscard]] CpuList cpus() const;
  [[nodiscard]] std::size_t size_bytes() const { return words_.size() * sizeof(unsigned long); }
  [[nodiscard]] cpu_set_t* get() { return reinterpret_cast<cpu_set_t*>(words_.data()); }

 private:
  static constexpr int kBitsPerWord = 8 * sizeof(unsigned long);

  std::vector<unsigned long> words_;
};

}  // namespace ub
