#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "uringbench/load/ending.hpp"
#include "uringbench/model/case.hpp"
#include "uringbench/model/sample.hpp"

namespace ub::load {

/// The load generator of TCP into devices that drop (link/tcp_sink.hpp), for workload `stream`:
/// looks how far the device of each client has got and acknowledges so much, again and again. In
/// between it sleeps 50 us, about the round trip of a good local network. At 64 KiB with 32 MiB of
/// buffers that gave MSG_ZEROCOPY 14.7 GB/s, a loop without sleep 7.7: each acknowledgement costs
/// the sender, too. With 1 MiB it was 4.4 against 7.7, as all buffers then wait for the next one;
/// a sleep of 20 us came in between in both, at half a CPU instead of a third.
///
/// One acknowledgement may so stand for hundreds of kilobytes, as it does behind devices that merge
/// what they receive (GRO). One thread, on the first client CPU.
class Acknowledger {
 public:
  static constexpr std::uint64_t kPauseNs = 50'000;

  /// In the network of the server, whose connections are there. Throws SetupError.
  explicit Acknowledger(const Case& the_case);
  Acknowledger(const Acknowledger&) = delete;
  Acknowledger& operator=(const Acknowledger&) = delete;
  /// Stops.
  ~Acknowledger();

  /// Starts the thread; returns when it runs on its CPU. Once. Throws SetupError.
  void start();

  /// One thread at a time. The bytes are exact while nobody sends; otherwise a packet may be booked
  /// by half (DeviceBoard).
  [[nodiscard]] GeneratorCounts counts() const;

  /// Acknowledges nothing any more. Idempotent.
  void stop();

  /// "acknowledgements", and how they are made.
  [[nodiscard]] Facts effective() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace ub::load
