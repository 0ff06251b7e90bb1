// The load generator of links whose devices drop what is sent: no client connects, so what the
// devices were given to send is counted instead, by this process, which has no part in the sending.
#include <fmt/format.h>
#include <sys/prctl.h>

#include <ctime>
#include <mutex>

#include "generator.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/link/device.hpp"
#include "uringbench/link/device_board.hpp"
#include "uringbench/link/network.hpp"
#include "uringbench/link/tcp_sink.hpp"

namespace ub::load {
namespace {

class SinkMeter final : public Generator {
 public:
  explicit SinkMeter(const CrewSetup& setup) {
    link::join_network_of(setup.server_id);
    meter_.emplace();
  }

  [[nodiscard]] Threads threads() const override { return Threads::none; }
  [[nodiscard]] const char* thread_name() const override { return ""; }
  std::unique_ptr<Worker> make_worker(Job /*job*/) override { return nullptr; }
  void add_to(Counts& counts) const override {
    counts.received_bytes += link::udp_payload_bytes(meter_->read());
  }
  void describe(Facts& /*facts*/, const Counts& /*counts*/,
                std::span<const Placement> /*placements*/) const override {}

 private:
  std::optional<link::SinkMeter> meter_;  ///< made in the server's network
};

/// What was acknowledged is so again after this many looks without anything new (10 ms), should the
/// acknowledgement not have been heard.
constexpr std::uint32_t kRepeatAfter = 200;

/// Between two looks, about the round trip of a good local network. At 64 KiB with 32 MiB of
/// buffers that gave MSG_ZEROCOPY 14.7 GB/s, a loop without sleep 7.7: each acknowledgement costs
/// the sender, too. With 1 MiB it was 4.4 against 7.7, as all buffers then wait for the next one;
/// a sleep of 20 us came in between in both, at half a CPU instead of a third.
constexpr long kPauseNs = 50'000;

std::vector<std::string> devices_of(const Case& the_case) {
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < the_case.clients; ++i) names.push_back(link::tcp_sink_device(i));
  return names;
}

/// Why acknowledging has ended; empty while it goes on.
class FailureNote {
 public:
  void set(std::string text) {
    const std::scoped_lock lock(mutex_);
    text_ = std::move(text);
  }
  [[nodiscard]] std::string get() const {
    const std::scoped_lock lock(mutex_);
    return text_;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

/// Looks how far the device of each client has got and acknowledges so much, again and again. One
/// acknowledgement may so stand for hundreds of kilobytes, as it does behind devices that merge
/// what they receive (GRO).
class Acknowledging final : public Worker {
 public:
  Acknowledging(const Case& the_case, const Job& job, FailureNote& note)
      : control_(*job.control),
        tally_(*job.tally),
        note_(note),
        board_(devices_of(the_case)),
        streams_(the_case.clients) {}

  /// A sleep otherwise ends up to 50 us late, so that timers can be put together (prctl(2)).
  void prepare() override { ::prctl(PR_SET_TIMERSLACK, 1UL); }

  void run() override {
    constexpr timespec kPause{.tv_sec = 0, .tv_nsec = kPauseNs};
    try {
      while (!control_.stopping()) {
        acknowledge_progress();
        ::nanosleep(&kPause, nullptr);
      }
    } catch (const SetupError& error) {
      note_.set(error.what());
    }
  }

 private:
  struct Stream {
    std::uint64_t acknowledged_bytes = 0;
    std::uint32_t looks = 0;  ///< since then
  };

  /// Whatever differs from what was said last is said, also if it is less: a look may come between
  /// the two counters of a device, and an acknowledgement of more than was sent is not heard.
  void acknowledge_progress() {
    const auto& counts = board_.read();
    for (std::uint32_t i = 0; i < streams_.size(); ++i) {
      Stream& stream = streams_[i];
      const std::uint64_t bytes = link::tcp_payload_bytes(counts[i]);
      const bool repeat = bytes > 0 && ++stream.looks >= kRepeatAfter;
      if (bytes == stream.acknowledged_bytes && !repeat) continue;
      const SysResult sent = peers_.acknowledge(i, bytes);
      if (!sent.ok()) throw_setup_error("acknowledging with a raw socket", sent.error);
      stream = {.acknowledged_bytes = bytes, .looks = 0};
      tally_.add(Figure::acknowledgements);
    }
  }

  Control& control_;
  Tally& tally_;
  FailureNote& note_;
  link::TcpSinkPeers peers_;
  link::DeviceBoard board_;
  std::vector<Stream> streams_;
};

/// The bytes it counts are exact while nobody sends; otherwise a packet may be booked by half
/// (DeviceBoard).
class Acknowledger final : public Generator {
 public:
  explicit Acknowledger(const CrewSetup& setup) : the_case_(setup.the_case) {
    link::join_network_of(setup.server_id);
    board_.emplace(devices_of(the_case_));
  }

  [[nodiscard]] Threads threads() const override { return Threads::one; }
  [[nodiscard]] const char* thread_name() const override { return "ub-acknowledge"; }
  std::unique_ptr<Worker> make_worker(Job job) override {
    return std::make_unique<Acknowledging>(the_case_, job, note_);
  }
  void add_to(Counts& counts) const override {
    for (const link::DeviceCounts& each : board_->read()) {
      counts.received_bytes += link::tcp_payload_bytes(each);
    }
    counts.failure = note_.get();
  }
  void describe(Facts& facts, const Counts& counts,
                std::span<const Placement> /*placements*/) const override {
    facts["acknowledgements"] = fmt::to_string(counts.acknowledgements);
    facts["acknowledge_pause_ns"] = fmt::to_string(kPauseNs);
  }

 private:
  Case the_case_;
  mutable std::optional<link::DeviceBoard> board_;  ///< the caller's; the thread has its own
  FailureNote note_;
};

}  // namespace

std::unique_ptr<Generator> make_sink_meter(const CrewSetup& setup) {
  return std::make_unique<SinkMeter>(setup);
}

std::unique_ptr<Generator> make_acknowledger(const CrewSetup& setup) {
  return std::make_unique<Acknowledger>(setup);
}

}  // namespace ub::load
