#include "server_role.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

#include "uringbench/base/affinity.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/link/copy_cause.hpp"
#include "uringbench/net/limits.hpp"
#include "uringbench/net/token.hpp"

namespace ub::role {
namespace {

/// Rings, epoll, eventfds, the listener, the memfd.
constexpr std::uint64_t kOwnDescriptors = 32;

/// A full accept queue costs SYN retransmissions of 1, 2 and 4 s.
constexpr std::uint64_t kAcceptNs = 20'000'000'000;

const path::Descriptor& path_of(const Case& the_case) {
  const path::Descriptor* path = path::find(the_case.path);
  if (path == nullptr) {
    throw SetupError(fmt::format("this program has no path '{}'", the_case.path));
  }
  return *path;
}

/// Null where the server only sends.
const receive::Descriptor* receive_of(const Case& the_case) {
  if (!receives(the_case.workload)) return nullptr;
  const receive::Descriptor* receive = receive::find(the_case.receive);
  if (receive == nullptr) {
    throw SetupError(fmt::format("this program has no receive path '{}'", the_case.receive));
  }
  return receive;
}

std::string strangers_text(std::uint32_t strangers) {
  if (strangers == 0) return {};
  return fmt::format("; {} connections without the token of the sample were turned away",
                     strangers);
}

/// Whether the kernel keeps pointers into many pages of the sender's.
net::Pieces pieces_of(const path::Descriptor& path) {
  const bool many = path.batch_limit == path::BatchLimit::iovecs;
  return many && path.reuse == path::Reuse::on_notification ? net::Pieces::by_page
                                                            : net::Pieces::few;
}

void hand_sockets(link::ServerEnd& end, engine::EngineSetup& setup) {
  setup.sockets = std::move(end.connected);
  setup.most_bytes_a_send = end.most_bytes_a_send;
  if (end.listeners.empty()) return;
  setup.listener = std::move(end.listeners.front().fd);
  for (std::size_t i = 1; i < end.listeners.size(); ++i) {
    setup.more_listeners.push_back(std::move(end.listeners[i].fd));
  }
}

/// Those of a ring's zero-copy sends over TCP, where several may share a packet.
bool joins_notifications(const Case& c, const path::Descriptor& path) {
  const auto zero_copy = [](uring::Feature need) {
    return need == uring::Feature::send_zc || need == uring::Feature::sendmsg_zc;
  };
  return c.engine == EngineKind::uring && c.transport != Transport::udp &&
         std::any_of(path.ring_needs.begin(), path.ring_needs.end(), zero_copy);
}

}  // namespace

net::Endpoint ServerRole::prepare(const protocol::Prepare& prepare) {
  const Case& c = prepare.the_case;
  const path::Descriptor& path = path_of(c);
  clients_ = c.clients;
  const CpuList everywhere = allowed_cpus();
  pin_this_thread(parse_cpu_list(c.server_cpus).value_or(everywhere));
  link_ = &link::descriptor_of(c.link);
  net::require_file_descriptors(kOwnDescriptors + std::uint64_t{engine::most_connections(c)} *
                                                      (1 + path.descriptors + link_->descriptors));
  sends_ = sends(c.workload) ? Switch::on : Switch::off;
  engine::EngineSetup setup{
      .the_case = c, .path = &path, .receive = receive_of(c), .report_usage = prepare.report_usage};
  end_ = link_->open({.the_case = c,
                      .pieces = pieces_of(path),
                      .listen = prepare.endpoint,
                      .last_port = prepare.last_port});
  setup.token = prepare.token;
  for (const net::Listener& listener : end_.listeners) {
    if (!prepare.token.empty()) net::expect_token(listener.fd.get());
  }
  hand_sockets(end_, setup);
  asks_for_zero_copy_ = path.reuse == path::Reuse::on_notification;
  joins_notifications_ = joins_notifications(c, path);
  engine_ = engine::make_engine(std::move(setup));
  engine_->start();
  // The engine's threads stay on the server's CPUs. This one only answers the runner, and among
  // 10,000 runnable threads of a thread-per-client server it would wait many seconds for its turn.
  pin_this_thread(everywhere);
  return end_.endpoint;
}

/// Every client has connected by now, but some may still be in the accept queue: once others send,
/// an acceptor that shares their CPU would be starved.
void ServerRole::wait_for_clients() const {
  const std::uint64_t deadline = now_ns() + kAcceptNs;
  for (;;) {
    const engine::EngineCounts counts = engine_->counts();
    if (counts.accepted == clients_) return;
    if (!counts.failure.empty()) throw std::runtime_error(counts.failure);  // it ran, and failed
    if (now_ns() > deadline) {
      throw SetupError(fmt::format("only {} of {} clients were accepted within {}{}",
                                   counts.accepted, clients_, format_duration(kAcceptNs),
                                   strangers_text(counts.strangers)));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

void ServerRole::go() {
  wait_for_clients();
  engine_->go();
}

/// At both edges of the window and at the end, and what was once seen stays: whatever makes the
/// kernel copy may come and go.
void ServerRole::look_for_copying() const {
  link::CopyEvidence evidence = link::look_for_copying(end_.local_address);
  evidence.joined_notifications = joins_notifications_;
  const std::string cause = link::copy_cause(evidence);
  // What explains the report without any copying holds all the time, and so gives way.
  const bool replaces = copy_cause_.empty() || copy_cause_ == kJoinedNotifications;
  if (!cause.empty() && replaces) copy_cause_ = cause;
}

void ServerRole::fill(Snapshot& snapshot) const {
  if (!engine_) return;
  if (asks_for_zero_copy_) look_for_copying();
  snapshot.copy_cause = copy_cause_;
  engine::EngineCounts counts = engine_->counts();
  static_cast<ServerCounts&>(snapshot) = counts;
  snapshot.retransmitted_bytes = ending_.retransmitted_bytes;
  snapshot.failure = std::move(counts.failure);
  if (snapshot.failure.empty()) snapshot.failure = ending_.failure;
}

void ServerRole::finish(std::uint64_t deadline_ns) {
  engine_->finish(deadline_ns);
  if (engine_->counts().failure.empty()) {
    ending_ = link_->settle(end_, deadline_ns);
  }
}

/// Later the client may have gone. What the listener had stands where there is no connection to
/// ask.
void ServerRole::mark(protocol::WindowEdge edge) {
  if (edge != protocol::WindowEdge::end || !engine_) return;
  for (const auto& [name, fact] : engine_->connection()) end_.effective[name] = fact;
}

void ServerRole::conclude(protocol::Finished& finished) const {
  finished.effective = end_.effective;
  if (!engine_) return;
  finished.granted = engine_->granted();
  if (!end_.listeners.empty()) {
    finished.effective["strangers_turned_away"] = fmt::to_string(engine_->counts().strangers);
  }
  if (sends_ == Switch::off) return;
  finished.send_timing = engine_->send_timing();
}

}  // namespace ub::role
