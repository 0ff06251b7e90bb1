#include "uringbench/load/uploader.hpp"

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <vector>

#include "connections.hpp"
#include "events.hpp"
#include "pinned_thread.hpp"
#include "placement.hpp"
#include "upload_lane.hpp"
#include "uringbench/base/check.hpp"
#include "uringbench/net/limits.hpp"
#include "uringbench/net/message_set.hpp"

namespace ub::load {
namespace {

using Phase = UploadControl::Phase;

/// Enough for the cost of a call to vanish, few enough to stay in the second-level cache.
constexpr std::uint64_t kChunkBytes = 256U << 10U;

/// The sockets, an epoll instance a thread, three events.
void require_descriptors(std::uint32_t clients, std::size_t threads) {
  net::require_file_descriptors(std::uint64_t{clients} + threads + 3);
}

/// One uploading thread with everything it needs, allocated before it starts.
struct UploadWorker {
  UploadWorker(int its_cpu, std::vector<Upload> uploads, UploadLane::Surroundings surroundings)
      : cpu(its_cpu), shared(*surroundings.shared) {
    surroundings.tally = &tally;
    lane.emplace(std::move(uploads), surroundings);
  }

  std::future<void> start() {
    return thread.start({cpu, "ub-upload", [] {},
                         [this] {
                           lane->run();
                           shared.finish_worker();
                         }});
  }

  Tally<LoadCounts> tally;  // first, for its alignment
  int cpu;
  Shared& shared;
  std::optional<UploadLane> lane;
  PinnedThread thread;
};

}  // namespace

/// Destroyed from the last to the first: threads are joined before what they use goes.
struct Uploader::Parts {
  Parts(const Case& the_case, const net::Endpoint& server)
      : cpus(client_cpus(the_case)),
        placements(place_clients(the_case.clients, cpus)),
        messages(net::shape_of(the_case), net::Layout::contiguous) {
    require_descriptors(the_case.clients, placements.size());
    shared.all_finished = make_event();
    shared.unfinished = placements.size();
    control.wake = make_event();
    aborted = make_event();
    sockets = connect_clients(the_case.clients, server, net::client_options(the_case));
    const std::uint64_t chunk = std::max(kChunkBytes, the_case.size_bytes);
    for (const Placement& placement : placements) add_worker(placement, chunk);
  }

  void add_worker(const Placement& placement, std::uint64_t chunk_bytes) {
    std::vector<Upload> uploads;
    for (std::uint32_t i = 0; i < placement.clients; ++i) {
      const std::uint32_t client = placement.first_client + i;
      uploads.push_back({.fd = sockets[client].get(), .client = client});
    }
    workers.push_back(std::make_unique<UploadWorker>(
        placement.cpu, std::move(uploads),
        UploadLane::Surroundings{messages.region(), chunk_bytes, &control, &shared, nullptr}));
  }

  CpuList cpus;
  std::vector<Placement> placements;
  net::MessageSet messages;
  UniqueFd aborted;               ///< eventfd; readable for good after abort()
  std::vector<UniqueFd> sockets;  ///< by client
  Shared shared;
  UploadControl control;
  std::vector<std::unique_ptr<UploadWorker>> workers;
  bool started = false;
};

Uploader::Uploader(const Case& the_case, const net::Endpoint& server)
    : parts_(std::make_unique<Parts>(the_case, server)) {}

Uploader::~Uploader() {
  abort();
}

void Uploader::start() {
  check(!parts_->started, "an uploader is started once");
  parts_->started = true;
  std::vector<std::future<void>> ready;
  for (const auto& worker : parts_->workers) ready.push_back(worker->start());
  for (std::future<void>& each : ready) each.get();
}

void Uploader::go() {
  check(parts_->started, "an uploader goes when it is started");
  Phase waiting = Phase::waiting;
  parts_->control.phase.compare_exchange_strong(waiting, Phase::running);
  parts_->control.phase.notify_all();
}

GeneratorCounts Uploader::counts() const {
  GeneratorCounts counts;
  for (const auto& worker : parts_->workers) counts += read(worker->tally);
  if (const Failure* failure = parts_->shared.failure.get()) counts.failure = describe(*failure);
  return counts;
}

Ending Uploader::finish(std::uint64_t deadline_ns) {
  parts_->control.phase.store(Phase::stopping);
  parts_->control.phase.notify_all();
  ::eventfd_write(parts_->control.wake.get(), 1);
  return wait_for_ending({parts_->shared.all_finished.get(), parts_->aborted.get(), -1},
                         deadline_ns);
}

void Uploader::abort() {
  parts_->shared.aborting = true;
  parts_->control.phase.store(Phase::stopping);
  parts_->control.phase.notify_all();
  ::eventfd_write(parts_->control.wake.get(), 1);
  ::eventfd_write(parts_->aborted.get(), 1);
  for (const UniqueFd& socket : parts_->sockets) ::shutdown(socket.get(), SHUT_RDWR);
}

Facts Uploader::effective() const {
  Facts facts = net::effective_options(parts_->sockets.front().get());
  facts["upload_threads"] = fmt::to_string(parts_->workers.size());
  facts["upload_loop"] = parts_->placements.back().clients == 1 ? "send" : "epoll + send";
  facts["client_cpus"] = format_cpu_list(parts_->cpus);
  return facts;
}

}  // namespace ub::load
