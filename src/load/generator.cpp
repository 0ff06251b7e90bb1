#include "generator.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <tuple>

#include "uringbench/base/check.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/link/descriptor.hpp"

namespace ub::load {

#define UB_WORKLOAD(enumerator, generator, ...) \
  std::unique_ptr<Generator> make_##generator(const CrewSetup& setup);
#include "uringbench/model/workloads.def"
std::unique_ptr<Generator> make_metered(std::unique_ptr<link::Meter> meter);

std::unique_ptr<Generator> make_generator(const CrewSetup& setup) {
  auto meter = link::descriptor_of(setup.the_case.link).join(setup.the_case, setup.server_id);
  if (meter) return make_metered(std::move(meter));
  switch (setup.the_case.workload) {
#define UB_WORKLOAD(enumerator, generator, ...) \
  case Workload::enumerator:                    \
    return make_##generator(setup);
#include "uringbench/model/workloads.def"
  }
  fail_check("every workload has a generator");
}

void Control::advance(Phase next) {
  Phase now = phase.load();
  while (now < next && !phase.compare_exchange_weak(now, next)) {
  }
  phase.notify_all();
  if (next >= Phase::stopping) ::eventfd_write(wake.get(), 1);
}

void reset_connection(const Connection& connection) {
  const sockaddr nowhere{AF_UNSPEC, {}};
  std::ignore = ::connect(connection.fd, &nowhere, sizeof nowhere);
}

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
