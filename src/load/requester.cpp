// The clients of workloads with requests. A closed loop keeps `depth` requests in flight on each
// connection. An open loop sends at times that are fixed in advance, to the connections of a thread
// in turn; a request that cannot be sent then stays due, in order, and its latency counts from the
// time it was due. Either way an error of the generator's own is measured
// (LatencyReport::lateness).
#include <fmt/format.h>
#include <sys/prctl.h>

#include <algorithm>

#include "request_lane.hpp"
#include "uringbench/base/check.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/mapped_memory.hpp"

namespace ub::load {

namespace {

std::vector<Conversation> converse_on(const std::vector<Connection>& connections) {
  std::vector<Conversation> conversations;
  conversations.reserve(connections.size());
  for (const Connection& connection : connections) {
    conversations.push_back(Conversation{connection});
  }
  return conversations;
}

class Requesting final : public Worker {
 public:
  Requesting(const CrewSetup& setup, const Job& job)
      : control_(*job.control),
        conversations_(converse_on(job.connections)),
        buffer_(MappedMemory::anonymous(kReceiveBytes)) {
    if (setup.the_case.client_wait == Wait::block) watch();
    std::optional<SchedulePlan> schedule;
    if (loop_of(setup.the_case) == Loop::open) {
      schedule = share_of(setup, job.placements, job.thread);
    }
    lane_.emplace(setup.the_case, schedule, conversations_,
                  LaneSurroundings{{buffer_.data(), buffer_.size()},
                                   job.tally,
                                   &control_,
                                   watcher_ ? &*watcher_ : nullptr});
  }

  void prepare() override {
    // The default slack lets timers come 50 us late (PR_SET_TIMERSLACK, prctl(2)).
    ::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    // First touched here, so that the pages are there, and near this CPU, before the first byte
    // arrives.
    std::fill_n(buffer_.data(), buffer_.size(), std::byte{0});
  }

  void run() override {
    control_.await_go();
    if (control_.running()) lane_->begin();
    watcher_ ? run_blocking() : run_spinning();
  }

  void add_to(LatencyReport& report) const override { lane_->book().add_to(report); }

 private:
  void watch() {
    watcher_.emplace();
    watcher_->require_exact_timeouts();
    watcher_->add_wake(control_.wake.get());
    for (Conversation& conversation : conversations_) watcher_->add(conversation, EPOLLIN);
  }

  /// Sleeps in epoll until something is ready or nearly due.
  void run_blocking() {
    RequestLane& lane = *lane_;
    while (true) {
      lane.tend();
      if (!lane.goes_on()) return;
      for (const epoll_event& event : watcher_->wait(sleep_ns(lane.next_due_ns(), now_ns()))) {
        auto* const conversation = Watcher::connection_of<Conversation>(event);
        if (conversation != nullptr) lane.serve(*conversation);
        lane.tend();
      }
    }
  }

  /// Never sleeps: one recv(2) from each connection that expects a response, over and over, and a
  /// look at the clock after each.
  void run_spinning() {
    RequestLane& lane = *lane_;
    while (true) {
      lane.tend();
      if (!lane.goes_on()) return;
      for (Conversation& conversation : lane.conversations()) {
        if (!lane.expects(conversation)) continue;
        lane.serve(conversation);
        lane.tend();
      }
    }
  }

  Control& control_;
  std::vector<Conversation> conversations_;
  MappedMemory buffer_;
  std::optional<Watcher> watcher_;  ///< none when it spins
  std::optional<RequestLane> lane_;
};

void check_bounds(const Case& c) {
  check(c.request_size_bytes > 0 && c.request_size_bytes <= kMaxMessageBytes,
        "the size of a request is within its bounds");
  check(c.rate_per_s >= 0 && c.rate_per_s <= kMaxRate, "the rate is within its bounds");
  check(c.depth <= kMaxDepth && (c.depth > 0 || c.rate_per_s > 0),
        "the depth is within its bounds, and a closed loop has one");
}

/// With a larger mark the last response in flight would never be reported (SO_RCVLOWAT, socket(7)).
void refuse_low_water_mark(const Case& the_case) {
  if (the_case.client_lowat_bytes <= the_case.size_bytes) return;
  throw SetupError(fmt::format(
      "SO_RCVLOWAT of {} would hide a response of {} bytes for ever: leave the low-water mark off",
      the_case.client_lowat_bytes, the_case.size_bytes));
}

std::string describe_wait(const Case& c) {
  if (c.client_wait == Wait::spin) return "spins on recv";
  if (loop_of(c) == Loop::closed) return "sleeps in epoll";
  return fmt::format("sleeps in epoll, spins the last {} us before a request", kSpinNs / 1000);
}

std::string describe_loop(const Case& c) {
  if (loop_of(c) == Loop::closed) return fmt::format("closed, depth {}", c.depth);
  return fmt::format("open, {} gaps, {}", c.gaps == Gaps::fixed ? "fixed" : "Poisson",
                     c.depth == 0 ? "any depth" : fmt::format("depth {}", c.depth));
}

class Requester final : public Generator {
 public:
  explicit Requester(const CrewSetup& setup) : setup_(setup) {
    check_bounds(setup.the_case);
    refuse_low_water_mark(setup.the_case);
  }

  [[nodiscard]] const char* thread_name() const override { return "ub-request"; }

  std::unique_ptr<Worker> make_worker(Job job) override {
    return std::make_unique<Requesting>(setup_, job);
  }

  void describe(Facts& facts, std::span<const Placement> placements) const override {
    facts["request_threads"] = fmt::to_string(placements.size());
    facts["request_loop"] = describe_loop(setup_.the_case);
    facts["request_wait"] = describe_wait(setup_.the_case);
  }

 private:
  CrewSetup setup_;
};

}  // namespace

std::unique_ptr<Generator> make_requester(const CrewSetup& setup) {
  return std::make_unique<Requester>(setup);
}

}  // namespace ub::load
