#include "uringbench/load/requester.hpp"

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <limits>
#include <optional>
#include <vector>

#include "connections.hpp"
#include "events.hpp"
#include "placement.hpp"
#include "request_loop.hpp"
#include "request_worker.hpp"
#include "uringbench/base/check.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/net/limits.hpp"
#include "uringbench/net/message_set.hpp"

namespace ub::load {
namespace {

using Phase = RequestControl::Phase;

constexpr std::uint64_t kLeadNs = 1'000'000;
constexpr std::uint64_t kNoDeadlineNs = std::numeric_limits<std::uint64_t>::max();

void check_plan(const RequestPlan& plan, const Case& the_case) {
  check(plan.request_size_bytes > 0 && plan.request_size_bytes <= kMaxMessageBytes,
        "the size of a request is within its bounds");
  check(plan.response_size_bytes == the_case.size_bytes, "a response is a message of the case");
  check(plan.rate_per_s >= 0 && plan.rate_per_s <= RequestPlan::kMaxRate,
        "the rate is within its bounds");
  check(plan.depth <= RequestPlan::kMaxDepth && (plan.depth > 0 || plan.rate_per_s > 0),
        "the depth is within its bounds, and a closed loop has one");
}

/// With a larger mark the last response in flight would never be reported (SO_RCVLOWAT, socket(7)).
void refuse_low_water_mark(const Case& the_case) {
  if (the_case.client_lowat_bytes <= the_case.size_bytes) return;
  throw SetupError(fmt::format(
      "SO_RCVLOWAT of {} would hide a response of {} bytes for ever: leave the low-water mark off",
      the_case.client_lowat_bytes, the_case.size_bytes));
}

/// The sockets, an epoll instance a thread, three events.
void require_descriptors(std::uint32_t clients, std::size_t threads) {
  net::require_file_descriptors(std::uint64_t{clients} + threads + 3);
}

Loop loop_of(const RequestPlan& plan) {
  return plan.rate_per_s > 0 ? Loop::open : Loop::closed;
}

std::string describe_wait(const RequestPlan& plan) {
  if (plan.wait == RequestPlan::Wait::spin) return "spins on recv";
  if (loop_of(plan) == Loop::closed) return "sleeps in epoll";
  return fmt::format("sleeps in epoll, spins the last {} us before a request", kSpinNs / 1000);
}

std::string describe_loop(const RequestPlan& plan) {
  if (loop_of(plan) == Loop::closed) return fmt::format("closed, depth {}", plan.depth);
  return fmt::format("open, {} gaps, {}",
                     plan.gaps == RequestPlan::Gaps::fixed ? "fixed" : "Poisson",
                     plan.depth == 0 ? "any depth" : fmt::format("depth {}", plan.depth));
}

}  // namespace

/// Destroyed from the last to the first: threads are joined before what they use goes.
struct Requester::Parts {
  Parts(const Case& the_case, const RequestPlan& the_plan, const net::Endpoint& server)
      : plan(the_plan),
        cpus(client_cpus(the_case)),
        placements(place_clients(the_case.clients, cpus)) {
    check_plan(plan, the_case);
    refuse_low_water_mark(the_case);
    require_descriptors(the_case.clients, placements.size());
    shared.all_finished = make_event();
    shared.unfinished = placements.size();
    control.wake = make_event();
    aborted = make_event();
    if (the_case.verify == Switch::on) {
      messages.emplace(net::shape_of(the_case), net::Layout::contiguous);
    }
    sockets = connect_clients(the_case.clients, server, net::client_options(the_case));
    for (std::size_t thread = 0; thread < placements.size(); ++thread) add_worker(thread);
  }

  void add_worker(std::size_t thread) {
    const Placement& placement = placements[thread];
    RequestWorker::Job job{placement.cpu, std::nullopt, {}};
    if (loop_of(plan) == Loop::open) job.schedule = share_of(plan, placements, thread);
    for (std::uint32_t i = 0; i < placement.clients; ++i) {
      Conversation conversation;
      conversation.client = placement.first_client + i;
      conversation.fd = sockets[conversation.client].get();
      if (messages) conversation.verifier.emplace(*messages);
      job.conversations.push_back(conversation);
    }
    workers.push_back(std::make_unique<RequestWorker>(plan, std::move(job), control, shared));
  }

  RequestPlan plan;
  CpuList cpus;
  std::vector<Placement> placements;
  std::optional<net::MessageSet> messages;  ///< only to verify
  UniqueFd aborted;                         ///< eventfd; readable for good after abort()
  std::vector<UniqueFd> sockets;            ///< by client
  Shared shared;
  RequestControl control;
  std::vector<std::unique_ptr<RequestWorker>> workers;
  bool started = false;
};

Requester::Requester(const Case& the_case, const RequestPlan& plan, const net::Endpoint& server)
    : parts_(std::make_unique<Parts>(the_case, plan, server)) {}

Requester::~Requester() {
  abort();
}

void Requester::start() {
  check(!parts_->started, "a requester is started once");
  parts_->started = true;
  std::vector<std::future<void>> ready;
  for (const auto& worker : parts_->workers) ready.push_back(worker->start());
  for (std::future<void>& each : ready) each.get();
}

void Requester::go() {
  check(parts_->started && parts_->control.start_ns == 0, "a requester goes once, when started");
  parts_->control.start_ns = now_ns() + kLeadNs;
  parts_->control.advance(Phase::running);
}

GeneratorCounts Requester::counts() const {
  GeneratorCounts counts;
  for (const auto& worker : parts_->workers) counts += read(worker->tally());
  if (const Failure* failure = parts_->shared.failure.get()) counts.failure = describe(*failure);
  return counts;
}

void Requester::mark_window(Mark mark) {
  Window& window = parts_->control.window;
  check(window.opened() == (mark == Mark::end) && !window.closed(),
        "a window is opened once, and then closed once");
  mark == Mark::begin ? window.open(now_ns()) : window.close(now_ns());
}

Ending Requester::finish(std::uint64_t deadline_ns, int interrupt_fd) {
  check(parts_->started, "a requester is finished once it is started");
  parts_->control.advance(Phase::stopping);
  ::eventfd_write(parts_->control.wake.get(), 1);
  return wait_for_ending({parts_->shared.all_finished.get(), parts_->aborted.get(), interrupt_fd},
                         deadline_ns);
}

void Requester::abort() {
  parts_->shared.aborting = true;
  parts_->control.advance(Phase::aborting);
  ::eventfd_write(parts_->aborted.get(), 1);
  ::eventfd_write(parts_->control.wake.get(), 1);
  for (const UniqueFd& socket : parts_->sockets) ::shutdown(socket.get(), SHUT_RDWR);
}

LatencyReport Requester::latency() const {
  const Window& window = parts_->control.window;
  check(window.closed(), "the window of a latency report is closed");
  const bool ending = parts_->shared.aborting || parts_->shared.unfinished == 0;
  check(parts_->started && ending, "latencies are asked for when every connection has ended");
  wait_for_ending({parts_->shared.all_finished.get(), -1, -1}, kNoDeadlineNs);
  // The event wakes us; this load is what orders the threads' writes before our reads.
  check(parts_->shared.unfinished == 0, "the event says that the threads have finished");
  LatencyReport report;
  for (const auto& worker : parts_->workers) worker->book().add_to(report);
  conclude(report, loop_of(parts_->plan), window.length_ns());
  return report;
}

Facts Requester::effective() const {
  Facts facts = net::effective_options(parts_->sockets.front().get());
  facts["request_threads"] = fmt::to_string(parts_->workers.size());
  facts["request_loop"] = describe_loop(parts_->plan);
  facts["request_wait"] = describe_wait(parts_->plan);
  facts["client_cpus"] = format_cpu_list(parts_->cpus);
  return facts;
}

}  // namespace ub::load
