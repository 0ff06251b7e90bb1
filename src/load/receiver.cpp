#include "uringbench/load/receiver.hpp"

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <optional>
#include <vector>

#include "connections.hpp"
#include "events.hpp"
#include "placement.hpp"
#include "uringbench/base/check.hpp"
#include "uringbench/net/limits.hpp"
#include "uringbench/net/message_set.hpp"
#include "worker.hpp"

namespace ub::load {
namespace {

/// The sockets, an epoll instance a thread, two events.
void require_descriptors(std::uint32_t clients, std::size_t threads) {
  net::require_file_descriptors(std::uint64_t{clients} + threads + 2);
}

/// place_clients() gives the first thread the fewest clients and the last the most.
std::string describe_loops(const std::vector<Placement>& placements) {
  if (placements.back().clients == 1) return "recv";
  return placements.front().clients > 1 ? "epoll + recv"
                                        : "recv on some threads, epoll + recv on others";
}

}  // namespace

/// Destroyed from the last to the first: threads are joined before what they use goes.
struct Receiver::Parts {
  Parts(const Case& the_case, const net::Endpoint& server)
      : cpus(client_cpus(the_case)), placements(place_clients(the_case.clients, cpus)) {
    require_descriptors(the_case.clients, placements.size());
    shared.all_finished = make_event();
    shared.unfinished = placements.size();
    aborted = make_event();
    if (the_case.verify == Switch::on) {
      messages.emplace(net::shape_of(the_case), net::Layout::contiguous);
    }
    sockets = connect_clients(the_case.clients, server, net::client_options(the_case));
    for (const Placement& placement : placements) add_worker(placement);
  }

  void add_worker(const Placement& placement) {
    std::vector<Connection> connections;
    for (std::uint32_t i = 0; i < placement.clients; ++i) {
      const std::uint32_t client = placement.first_client + i;
      Connection connection{sockets[client].get(), client, std::nullopt};
      if (messages) connection.verifier.emplace(*messages);
      connections.push_back(connection);
    }
    workers.push_back(std::make_unique<Worker>(placement.cpu, std::move(connections), shared));
  }

  CpuList cpus;
  std::vector<Placement> placements;
  std::optional<net::MessageSet> messages;  ///< only to verify
  UniqueFd aborted;                         ///< eventfd; readable for good after abort()
  std::vector<UniqueFd> sockets;            ///< by client
  Shared shared;
  std::vector<std::unique_ptr<Worker>> workers;
  bool started = false;
};

Receiver::Receiver(const Case& the_case, const net::Endpoint& server)
    : parts_(std::make_unique<Parts>(the_case, server)) {}

Receiver::~Receiver() {
  abort();
}

void Receiver::start() {
  check(!parts_->started, "a receiver is started once");
  parts_->started = true;
  std::vector<std::future<void>> ready;
  for (const auto& worker : parts_->workers) ready.push_back(worker->start());
  for (std::future<void>& each : ready) each.get();
}

GeneratorCounts Receiver::counts() const {
  GeneratorCounts counts;
  for (const auto& worker : parts_->workers) counts += read(worker->tally());
  if (const Failure* failure = parts_->shared.failure.get()) counts.failure = describe(*failure);
  return counts;
}

Ending Receiver::wait_until_closed(std::uint64_t deadline_ns, int interrupt_fd) {
  return wait_for_ending({parts_->shared.all_finished.get(), parts_->aborted.get(), interrupt_fd},
                         deadline_ns);
}

void Receiver::abort() {
  parts_->shared.aborting = true;
  ::eventfd_write(parts_->aborted.get(), 1);
  for (const UniqueFd& socket : parts_->sockets) ::shutdown(socket.get(), SHUT_RDWR);
}

Facts Receiver::effective() const {
  Facts facts = net::effective_options(parts_->sockets.front().get());
  facts["receive_threads"] = fmt::to_string(parts_->workers.size());
  facts["receive_loop"] = describe_loops(parts_->placements);
  facts["receive_chunk_bytes"] = fmt::to_string(Worker::kBufferBytes);
  facts["client_cpus"] = format_cpu_list(parts_->cpus);
  return facts;
}

}  // namespace ub::load
