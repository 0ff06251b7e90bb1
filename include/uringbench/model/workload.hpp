#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Workloads as plain data: what options, plans, roles and reports need to know of what the two
/// roles do. They ask for these facts, never for a workload by name, so that a new one is an entry
/// of workloads.def and, where none of the generators of src/load will do, a generator.
namespace ub {

enum class Workload {
#define UB_WORKLOAD(enumerator, ...) enumerator,
#include "uringbench/model/workloads.def"
};

/// Where messages of `--size` arrive; there they are counted, and make the goodput. `both_ways`:
/// the clients send requests, and what is counted are the server's responses.
enum class Direction { to_clients, to_server, both_ways };

/// How large the requests are that the server answers: as `--request-size` says, or as the message
/// that answers them.
enum class Requests { none, sized, as_message };

/// Which connections carry the requests. `kept`: those that the clients made before the run.
/// `per_request`: a new one for each request, which the server closes when it has answered; the
/// clients' first connections stay open then and carry nothing. By their token the two ends know
/// each other, and by their end the server knows that its clients have ended.
enum class Connections { kept, per_request };

/// What a study judges: every workload has a rate (goodput, messages a second) and its CPU cost;
/// requests have a latency, too.
enum class Objective { rate, cpu, latency };

struct WorkloadFacts {
  std::string_view name;  ///< as `--workload` takes it
  std::string_view help;  ///< what stands in brackets behind it in --help
  Direction direction = Direction::to_clients;
  Requests requests = Requests::none;
  Connections connections = Connections::kept;
};

/// In the order of the enumeration.
inline constexpr WorkloadFacts kWorkloads[] = {
#define UB_WORKLOAD(enumerator, generator, ...) {__VA_ARGS__},
#include "uringbench/model/workloads.def"
};

constexpr const WorkloadFacts& facts_of(Workload workload) {
  return kWorkloads[static_cast<std::size_t>(workload)];
}

/// Whether the server answers requests. Only then do the factors of requests apply, and a server
/// sends one message an operation, when its request has come.
constexpr bool has_requests(Workload workload) {
  return facts_of(workload).requests != Requests::none;
}
/// Whether the server receives: the receive path is a factor, and arrivals are counted.
constexpr bool receives(Workload workload) {
  return facts_of(workload).direction != Direction::to_clients;
}
/// Whether the server sends, and the clients receive, and can verify, what is counted.
constexpr bool sends(Workload workload) {
  return facts_of(workload).direction != Direction::to_server;
}

/// Whether each request has a connection of its own.
constexpr bool connects_per_request(Workload workload) {
  return facts_of(workload).connections == Connections::per_request;
}

constexpr bool has_objective(Workload workload, Objective objective) {
  return objective != Objective::latency || has_requests(workload);
}

/// "rr or echo": the names of those for which `holds` is true, with `last` before the last.
template <typename Holds>
std::string workload_names(Holds holds, std::string_view last) {
  std::string names;
  std::string_view pending;
  for (const WorkloadFacts& each : kWorkloads) {
    if (!holds(each)) continue;
    if (!pending.empty()) names.append(names.empty() ? "" : ", ").append(pending);
    pending = each.name;
  }
  return names.append(names.empty() ? "" : last).append(pending);
}

/// "rr or echo"
inline std::string workloads_with_requests() {
  return workload_names([](const WorkloadFacts& each) { return each.requests != Requests::none; },
                        " or ");
}

}  // namespace ub
