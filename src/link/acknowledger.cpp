#include "acknowledger.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <sys/prctl.h>

#include <atomic>
#include <ctime>
#include <future>
#include <mutex>
#include <vector>

#include "device_board.hpp"
#include "tcp_sink.hpp"
#include "uringbench/base/affinity.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/thread.hpp"

namespace ub::link {
namespace {

/// What was acknowledged is so again after this many looks without anything new (10 ms), should the
/// acknowledgement not have been heard.
constexpr std::uint32_t kRepeatAfter = 200;

std::vector<std::string> devices_of(const Case& the_case) {
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < the_case.clients; ++i) names.push_back(tcp_sink_device(i));
  return names;
}

/// A sleep otherwise ends up to 50 us late, so that timers can be put together (prctl(2)).
void wake_on_time() {
  ::prctl(PR_SET_TIMERSLACK, 1UL);
}

void pause_briefly() {
  const timespec pause{.tv_sec = 0, .tv_nsec = Acknowledger::kPauseNs};
  ::nanosleep(&pause, nullptr);
}

}  // namespace

/// Destroyed from the last to the first: the thread is joined before what it uses goes.
struct Acknowledger::Parts {
  explicit Parts(const Case& the_case)
      : cpu(parse_cpu_list(the_case.client_cpus).value_or(allowed_cpus()).front()),
        board(devices_of(the_case)),
        own_board(devices_of(the_case)),
        streams(the_case.clients) {}

  struct Stream {
    std::uint64_t acknowledged_bytes = 0;
    std::uint32_t looks = 0;  ///< since then
  };

  /// Says in `ready` when it runs on its CPU, or why it does not.
  void run(std::promise<void> ready) {
    try {
      ::pthread_setname_np(::pthread_self(), "ub-acknowledge");
      pin_this_thread({cpu});
      wake_on_time();
    } catch (const SetupError&) {
      ready.set_exception(std::current_exception());
      return;
    }
    ready.set_value();
    acknowledge_until_stopped();
  }

  void acknowledge_until_stopped() {
    try {
      while (!stopping.load(std::memory_order_relaxed)) {
        acknowledge_progress();
        pause_briefly();
      }
    } catch (const SetupError& error) {
      const std::scoped_lock lock(mutex);
      failure = error.what();
    }
  }

  /// Whatever differs from what was said last is said, also if it is less: a look may come between
  /// the two counters of a device, and an acknowledgement of more than was sent is not heard.
  void acknowledge_progress() {
    const auto& counts = own_board.read();
    for (std::uint32_t i = 0; i < streams.size(); ++i) {
      Stream& stream = streams[i];
      const std::uint64_t bytes = tcp_payload_bytes(counts[i]);
      const bool repeat = bytes > 0 && ++stream.looks >= kRepeatAfter;
      if (bytes == stream.acknowledged_bytes && !repeat) continue;
      const SysResult sent = peers.acknowledge(i, bytes);
      if (!sent.ok()) throw_setup_error("acknowledging with a raw socket", sent.error);
      stream = {.acknowledged_bytes = bytes, .looks = 0};
      acknowledgements.add();
    }
  }

  int cpu;
  TcpSinkPeers peers;
  DeviceBoard board;      ///< the caller's
  DeviceBoard own_board;  ///< the thread's
  std::vector<Stream> streams;
  Counter acknowledgements;
  std::atomic<bool> stopping = false;
  std::mutex mutex;
  std::string failure;
  std::jthread thread;
};

Acknowledger::Acknowledger(const Case& the_case) : parts_(std::make_unique<Parts>(the_case)) {}

Acknowledger::~Acknowledger() {
  stop();
}

void Acknowledger::start() {
  std::promise<void> ready;
  std::future<void> running = ready.get_future();
  parts_->thread = start_thread(
      "a thread of the load generator",
      [parts = parts_.get(), ready = std::move(ready)]() mutable { parts->run(std::move(ready)); });
  running.get();
}

MeterCounts Acknowledger::read() const {
  MeterCounts counts;
  for (const DeviceCounts& each : parts_->board.read()) {
    counts.payload_bytes += tcp_payload_bytes(each);
  }
  const std::scoped_lock lock(parts_->mutex);
  counts.failure = parts_->failure;
  return counts;
}

void Acknowledger::stop() {
  parts_->stopping.store(true);
  if (parts_->thread.joinable()) parts_->thread.join();
}

Facts Acknowledger::effective() const {
  return {{"acknowledgements", fmt::to_string(parts_->acknowledgements.get())},
          {"acknowledge_pause_ns", fmt::to_string(kPauseNs)}};
}

}  // namespace ub::link
