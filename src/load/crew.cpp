#include "uringbench/load/crew.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <future>
#include <limits>

#include "generator.hpp"
#include "uringbench/base/check.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/thread.hpp"
#include "uringbench/net/connection_facts.hpp"
#include "uringbench/net/limits.hpp"
#include "uringbench/net/message_set.hpp"
#include "uringbench/net/poll.hpp"
#include "uringbench/net/token.hpp"

namespace ub::load {
namespace {

constexpr std::uint64_t kLeadNs = 1'000'000;  // from go() to the first request of an open loop
constexpr std::uint64_t kNoDeadlineNs = std::numeric_limits<std::uint64_t>::max();

UniqueFd make_event() {
  UniqueFd event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!event) throw_setup_error("creating an eventfd", errno);
  return event;
}

/// Blocking sockets, connected in order, never at once: a SYN that finds the accept queue full is
/// dropped and sent again after a second (tcp_conn_request), so a server that accepts slowly slows
/// this down but loses no client. With several handshakes under way a queue can fill between SYN
/// and ACK, and the client would take itself for connected while the server does not.
std::vector<UniqueFd> connect_clients(const CrewSetup& setup) {
  const std::uint32_t clients = setup.the_case.clients;
  const net::SocketOptions options = net::client_options(setup.the_case);
  std::vector<UniqueFd> sockets;
  sockets.reserve(clients);
  while (sockets.size() < clients) {
    try {
      sockets.push_back(net::connect_to(setup.server, options));
      net::present_token(sockets.back().get(), setup.token);
    } catch (const SetupError& error) {
      throw SetupError(
          fmt::format("after {} of {} clients: {}", sockets.size(), clients, error.what()));
    }
  }
  return sockets;
}

std::vector<Placement> placements_of(Generator::Threads threads, std::uint32_t clients,
                                     const CpuList& cpus) {
  switch (threads) {
    case Generator::Threads::per_cpu:
      return place_clients(clients, cpus);
    case Generator::Threads::none:
      break;
  }
  return {};
}

/// One thread with everything it needs, allocated before it starts.
struct Member {
  Tally tally;  // first, for its alignment
  int cpu = 0;
  std::unique_ptr<Worker> worker;
  std::jthread thread;
};

void run_member(Member& member, const char* name, Control& control, std::promise<void> ready) {
  try {
    ::pthread_setname_np(::pthread_self(), name);
    pin_this_thread({member.cpu});
    member.worker->prepare();
  } catch (const SetupError&) {
    ready.set_exception(std::current_exception());
    return;
  }
  ready.set_value();
  member.worker->run();
  control.finish_thread();
}

}  // namespace

/// Destroyed from the last to the first: threads are joined before what they use goes.
struct Crew::Parts {
  explicit Parts(const CrewSetup& its_setup)
      : setup(its_setup), cpus(client_cpus(setup.the_case)), generator(make_generator(setup)) {
    const Case& c = setup.the_case;
    placements = placements_of(generator->threads(), c.clients, cpus);
    // The sockets, an epoll instance per thread, three events.
    const std::uint64_t sockets_each = connects_per_request(c.workload) ? 2 : 1;
    net::require_file_descriptors(sockets_each * c.clients + placements.size() + 3);
    control.wake = make_event();
    control.all_finished = make_event();
    control.unfinished = placements.size();
    aborted = make_event();
    if (placements.empty()) ::eventfd_write(control.all_finished.get(), 1);
    if (c.verify == Switch::on) messages.emplace(net::shape_of(c), net::Layout::contiguous);
    if (generator->threads() == Generator::Threads::per_cpu) {
      sockets = connect_clients(setup);
    }
    for (std::size_t thread = 0; thread < placements.size(); ++thread) add_member(thread);
  }

  void add_member(std::size_t thread) {
    const Placement& placement = placements[thread];
    Member& member = *members.emplace_back(std::make_unique<Member>());
    member.cpu = placement.cpu;
    Job job{{}, placements, thread, &control, &member.tally};
    for (std::uint32_t i = 0; i < placement.clients; ++i) {
      const std::uint32_t client = placement.first_client + i;
      Connection& connection = job.connections.emplace_back();
      connection.fd = sockets[client].get();
      connection.client = client;
      if (messages) connection.verifier.emplace(*messages);
    }
    member.worker = generator->make_worker(std::move(job));
  }

  CrewSetup setup;
  CpuList cpus;
  std::unique_ptr<Generator> generator;
  std::vector<Placement> placements;
  std::optional<net::MessageSet> messages;  ///< only to verify
  UniqueFd aborted;                         ///< eventfd; readable for good after abort()
  std::vector<UniqueFd> sockets;            ///< by client
  Control control;
  std::vector<std::unique_ptr<Member>> members;
  bool started = false;
};

Crew::Crew(const CrewSetup& setup) : parts_(std::make_unique<Parts>(setup)) {}

Crew::~Crew() {
  abort();
}

void Crew::start() {
  check(!parts_->started, "a crew is started once");
  parts_->started = true;
  std::vector<std::future<void>> ready;
  for (const auto& member : parts_->members) {
    std::promise<void> is_ready;
    ready.push_back(is_ready.get_future());
    member->thread =
        start_thread("a thread of the load generator",
                     [&member = *member, name = parts_->generator->thread_name(),
                      &control = parts_->control, is_ready = std::move(is_ready)]() mutable {
                       run_member(member, name, control, std::move(is_ready));
                     });
  }
  for (std::future<void>& each : ready) each.get();
}

void Crew::go() {
  Control& control = parts_->control;
  check(parts_->started && control.start_ns == 0, "a crew goes once, when it is started");
  control.start_ns = now_ns() + kLeadNs;
  control.advance(Control::Phase::running);
}

void Crew::mark_window(Mark mark) {
  Window& window = parts_->control.window;
  check(window.opened() == (mark == Mark::end) && !window.closed(),
        "a window is opened once, and then closed once");
  mark == Mark::begin ? window.open(now_ns()) : window.close(now_ns());
}

Counts Crew::counts() const {
  Counts counts;
  for (const auto& member : parts_->members) counts += read(member->tally);
  parts_->generator->add_to(counts);
  if (const Failure* failure = parts_->control.failure.get()) counts.failure = describe(*failure);
  return counts;
}

/// An abort goes before an end.
Ending Crew::finish(std::uint64_t deadline_ns) {
  check(parts_->started, "a crew is finished once it is started");
  parts_->control.advance(Control::Phase::stopping);
  parts_->generator->finish();
  std::array<pollfd, 2> fds{
      {{parts_->control.all_finished.get(), POLLIN, 0}, {parts_->aborted.get(), POLLIN, 0}}};
  const SysResult ready = net::poll_until(fds, deadline_ns);
  check(ready.ok(), "poll(2) on our own descriptors works");
  if (ready.value == 0) return Ending::deadline;
  return fds[1].revents != 0 ? Ending::aborted : Ending::all_closed;
}

void Crew::abort() {
  parts_->control.advance(Control::Phase::aborting);
  ::eventfd_write(parts_->aborted.get(), 1);
  for (const UniqueFd& socket : parts_->sockets) ::shutdown(socket.get(), SHUT_RDWR);
}

LatencyReport Crew::latency() const {
  const Control& control = parts_->control;
  check(control.window.closed(), "the window of a latency report is closed");
  check(parts_->started && (control.aborting() || control.unfinished == 0),
        "latencies are asked for when every connection has ended");
  std::array<pollfd, 1> finished{{{control.all_finished.get(), POLLIN, 0}}};
  net::poll_until(finished, kNoDeadlineNs);
  // The event wakes us; this load is what orders the threads' writes before our reads.
  check(control.unfinished == 0, "the event says that the threads have finished");
  LatencyReport report;
  for (const auto& member : parts_->members) member->worker->add_to(report);
  conclude(report, loop_of(parts_->setup.the_case), control.window.length_ns());
  return report;
}

std::optional<RequestFigures> Crew::requests(Switch histogram) const {
  const bool some = has_requests(parts_->setup.the_case.workload);
  if (!some || !parts_->control.window.closed()) return std::nullopt;
  return figures_of(latency(), histogram);
}

Facts Crew::effective() const {
  Facts facts;
  if (!parts_->sockets.empty()) {
    facts = net::connection_facts(parts_->sockets.front().get());
    facts["client_cpus"] = format_cpu_list(parts_->cpus);
  }
  parts_->generator->describe(facts, parts_->placements);
  return facts;
}

}  // namespace ub::load
