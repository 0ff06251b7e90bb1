#include "uringbench/load/acknowledger.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>

#include <atomic>
#include <ctime>
#include <mutex>
#include <optional>
#include <vector>

#include "pinned_thread.hpp"
#include "placement.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/link/device_board.hpp"
#include "uringbench/link/tcp_sink.hpp"

namespace ub::load {
namespace {

/// What was acknowledged is so again after this many looks without anything new (10 ms), should the
/// acknowledgement not have been heard.
constexpr std::uint32_t kRepeatAfter = 200;

std::vector<std::string> devices_of(const Case& the_case) {
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < the_case.clients; ++i) names.push_back(link::tcp_sink_device(i));
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
      : cpu(client_cpus(the_case).front()),
        board(devices_of(the_case)),
        own_board(devices_of(the_case)),
        streams(the_case.clients) {}

  struct Stream {
    std::uint64_t acknowledged_bytes = 0;
    std::uint32_t looks = 0;  ///< since then
  };

  void run() {
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
      const std::uint64_t bytes = link::tcp_payload_bytes(counts[i]);
      const bool repeat = bytes > 0 && ++stream.looks >= kRepeatAfter;
      if (bytes == stream.acknowledged_bytes && !repeat) continue;
      const SysResult sent = peers.acknowledge(i, bytes);
      if (!sent.ok()) throw_setup_error("acknowledging with a raw socket", sent.error);
      stream = {.acknowledged_bytes = bytes, .looks = 0};
      acknowledgements.add();
    }
  }

  int cpu;
  link::TcpSinkPeers peers;
  link::DeviceBoard board;      ///< the caller's
  link::DeviceBoard own_board;  ///< the thread's
  std::vector<Stream> streams;
  Counter acknowledgements;
  std::atomic<bool> stopping = false;
  std::mutex mutex;
  std::string failure;
  std::optional<PinnedThread> thread;
};

Acknowledger::Acknowledger(const Case& the_case) : parts_(std::make_unique<Parts>(the_case)) {}

Acknowledger::~Acknowledger() {
  stop();
}

void Acknowledger::start() {
  parts_->thread.emplace();
  parts_->thread
      ->start({.cpu = parts_->cpu,
               .name = "ub-acknowledge",
               .prepare = wake_on_time,
               .run = [parts = parts_.get()] { parts->run(); }})
      .get();
}

GeneratorCounts Acknowledger::counts() const {
  GeneratorCounts counts;
  for (const link::DeviceCounts& each : parts_->board.read()) {
    counts.received_bytes += link::tcp_payload_bytes(each);
  }
  counts.acknowledgements = parts_->acknowledgements.get();
  const std::scoped_lock lock(parts_->mutex);
  counts.failure = parts_->failure;
  return counts;
}

void Acknowledger::stop() {
  parts_->stopping.store(true);
  parts_->thread.reset();
}

Facts Acknowledger::effective() const {
  return {{"acknowledgements", fmt::to_string(parts_->acknowledgements.get())},
          {"acknowledge_pause_ns", fmt::to_string(kPauseNs)}};
}

}  // namespace ub::load
