#pragma once

#include <cstdint>
#include <memory>

#include "uringbench/link/descriptor.hpp"

namespace ub::link {

/// The load generator of TCP into devices that drop: looks how far the device of each client has
/// got and acknowledges so much, again and again. In between it sleeps 50 us, about the round trip
/// of a good local network. At 64 KiB with 32 MiB of buffers that gave MSG_ZEROCOPY 14.7 GB/s, a
/// loop without sleep 7.7: each acknowledgement costs the sender, too. With 1 MiB it was 4.4
/// against 7.7, as all buffers then wait for the next one; a sleep of 20 us came in between in
/// both, at half a CPU instead of a third.
///
/// One acknowledgement may so stand for hundreds of kilobytes, as it does behind devices that merge
/// what they receive (GRO). One thread, on the first client CPU.
class Acknowledger final : public Meter {
 public:
  static constexpr std::uint64_t kPauseNs = 50'000;

  /// In the network of the server, whose connections are there. Throws SetupError.
  explicit Acknowledger(const Case& the_case);
  Acknowledger(const Acknowledger&) = delete;
  Acknowledger& operator=(const Acknowledger&) = delete;
  ~Acknowledger() override;

  /// Returns when the thread runs on its CPU.
  void start() override;

  /// While somebody sends a packet may be booked by half (DeviceBoard).
  [[nodiscard]] MeterCounts read() const override;

  /// Acknowledges nothing any more.
  void stop() override;

  /// "acknowledgements", and how they are made.
  [[nodiscard]] Facts effective() const override;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace ub::link
