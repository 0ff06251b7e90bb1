#pragma once

#include "tree.hpp"
#include "uringbench/base/permissions.hpp"
#include "uringbench/doctor/doctor.hpp"

namespace ub::doctor {

/// Where the roles would run.
struct Roles {
  const CpuList& server;
  const CpuList& client;
};

// cpu_checks.cpp
Finding check_governor(const Tree& tree, const Roles& roles);
Finding check_turbo(const Tree& tree);
Finding check_siblings(const Tree& tree, const Roles& roles);
Finding check_isolation(const Tree& tree, const Roles& roles);

// machine_checks.cpp
Finding check_hypervisor(const Tree& tree, const std::optional<std::string>& signature);
Finding check_kernel_debug(const std::filesystem::path& root);

// load_checks.cpp
struct CpuTimes {
  std::uint64_t busy = 0;   ///< user, nice, system, irq, softirq: clock ticks
  std::uint64_t steal = 0;  ///< taken by the hypervisor
  std::uint64_t total = 0;
};
/// Sums over the CPUs of both roles.
CpuTimes times_of(const Tree& tree, const Roles& roles);
Finding check_steal(const CpuTimes& before, const CpuTimes& after);
Finding check_load(const CpuTimes& before, const CpuTimes& after);
Finding check_cpu_quota(const Tree& tree, const Roles& roles);

// kernel_checks.cpp
Finding check_clock(const Tree& tree);
Finding check_mitigations(const Tree& tree);
Finding check_iommu(const Tree& tree);
Finding check_perf(const Tree& tree, const Trial& trial);
Finding check_io_uring(const Tree& tree, const Trial& trial);

// net_checks.cpp
Finding check_congestion(const Tree& tree);
Finding check_packet_sockets(const Tree& tree);
Finding check_memlock(const Tree& tree, std::uint64_t memlock_bytes);
Finding check_optmem(const Tree& tree);

/// Whether this process has a capability; not, where that is not known.
bool has(const Tree& tree, Capability capability);

}  // namespace ub::doctor
