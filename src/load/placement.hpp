#pragma once

#include <cstdint>
#include <vector>

#include "uringbench/base/affinity.hpp"
#include "uringbench/model/case.hpp"

namespace ub::load {

/// Which clients one thread serves, and where it runs.
struct Placement {
  int cpu = 0;
  std::uint32_t first_client = 0;
  std::uint32_t clients = 0;  ///< at least 1

  friend bool operator==(const Placement&, const Placement&) = default;
};

/// One thread a CPU, at most one a client; the numbers of clients differ by one at most and do
/// not fall: the first thread has the fewest, the last the most.
std::vector<Placement> place_clients(std::uint32_t clients, const CpuList& cpus);

/// The CPUs of the case's load generator; all that this process may use when the case names none.
/// Throws SetupError when the list is none or names a CPU that this process may not use.
CpuList client_cpus(const Case& the_case);

}  // namespace ub::load
