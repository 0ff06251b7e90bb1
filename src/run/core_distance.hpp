#pragma once

#include <string>

#include "uringbench/model/reading.hpp"

namespace ub::run {

/// CPU lists of the two roles, as in a Case.
struct RoleCpus {
  std::string server;
  std::string client;
};

/// Median time in ns of one round trip of a cache line between the first two CPUs of the roles that
/// differ: two threads that write to each other and spin. In a VM it jumps when the hypervisor
/// moves a virtual CPU to another cache or socket, and a sample with it. Takes a few milliseconds,
/// and never more than 20 of this process's time. Unavailable when there are no two such CPUs.
Reading core_round_trip(const RoleCpus& cpus);

}  // namespace ub::run
