#include "placement.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "uringbench/base/check.hpp"
#include "uringbench/base/error.hpp"

namespace ub::load {

std::vector<Placement> place_clients(std::uint32_t clients, const CpuList& cpus) {
  check(clients > 0 && !cpus.empty(), "there are clients, and CPUs for them");
  const std::uint64_t threads = std::min<std::uint64_t>(clients, cpus.size());
  std::vector<Placement> placements;
  std::uint32_t first = 0;
  for (std::uint64_t thread = 0; thread < threads; ++thread) {
    const auto end = static_cast<std::uint32_t>((thread + 1) * clients / threads);
    placements.push_back({cpus[thread], first, end - first});
    first = end;
  }
  return placements;
}

CpuList client_cpus(const Case& the_case) {
  CpuList allowed = allowed_cpus();
  if (the_case.client_cpus.empty()) return allowed;
  const auto wanted = parse_cpu_list(the_case.client_cpus);
  if (wanted && std::includes(allowed.begin(), allowed.end(), wanted->begin(), wanted->end())) {
    return *wanted;
  }
  throw SetupError(
      fmt::format("the load generator cannot run on CPU '{}'; this process may use CPU {}",
                  the_case.client_cpus, format_cpu_list(allowed)));
}

}  // namespace ub::load
