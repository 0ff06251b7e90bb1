#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "uringbench/base/unique_fd.hpp"
#include "uringbench/model/case.hpp"
#include "uringbench/model/sample.hpp"
#include "uringbench/path/registry.hpp"
#include "uringbench/receive/registry.hpp"

namespace ub::engine {

/// Sees the messages of operations change hands, on the thread that sends. For tests that overwrite
/// what was given back and so would spoil the stream if that came too early; null when measuring.
class BufferWatcher {
 public:
  BufferWatcher() = default;
  BufferWatcher(const BufferWatcher&) = delete;
  BufferWatcher& operator=(const BufferWatcher&) = delete;
  virtual ~BufferWatcher() = default;

  /// An operation with messages `first` … `first + count - 1` is about to be sent.
  virtual void taken(const net::MessageSet& messages, std::uint32_t first, std::uint32_t count) = 0;
  /// The kernel has let go of them all.
  virtual void given_back(const net::MessageSet& messages, std::uint32_t first,
                          std::uint32_t count) = 0;
};

/// Sees what the server receives. For tests; null when measuring.
class ArrivalWatcher {
 public:
  ArrivalWatcher() = default;
  ArrivalWatcher(const ArrivalWatcher&) = delete;
  ArrivalWatcher& operator=(const ArrivalWatcher&) = delete;
  virtual ~ArrivalWatcher() = default;

  /// On the thread that received; `bytes` are there during the call only.
  virtual void arrived(std::uint32_t connection, std::span<const std::byte> bytes) = 0;
};

struct EngineSetup {
  Case the_case;
  const path::Descriptor* path = nullptr;  ///< legal for the case's engine (path::why_unavailable)
  const receive::Descriptor* receive =
      nullptr;                                ///< legal as well; null where the server only sends
  std::vector<UniqueFd> more_listeners = {};  ///< one for each reactor but the first
  UniqueFd listener = {};  ///< bound and listening; accepted sockets inherit its options. None when
                           ///< `sockets` is given
  std::vector<UniqueFd> sockets = {};  ///< connected already, `clients` of them: datagram sockets
                                       ///< have no peer that could be accepted
  std::uint64_t most_bytes_a_send = ~std::uint64_t{0};  ///< of a datagram socket
  std::string token = {};  ///< that a connection begins with, or is a stranger's (net/token.hpp);
                           ///< empty: whoever connects is a client
  bool report_usage = false;           ///< the kernel knows IORING_SEND_ZC_REPORT_USAGE
  BufferWatcher* watcher = nullptr;    ///< outlives the engine
  ArrivalWatcher* arrivals = nullptr;  ///< outlives the engine
};

/// What an engine has counted since it started.
struct EngineCounts : ServerCounts {
  std::uint32_t accepted = 0;   ///< connections
  std::uint32_t strangers = 0;  ///< connections without the token, turned away
  std::string failure;          ///< the first thing that went wrong; empty while all is well
};

/// How work is driven: accepts `clients` connections, or adopts those it is given, and on each
/// sends messages back to back until told to finish (stream), or receives until the client's end of
/// stream and answers each request (rr, echo) or nothing (upload). Where each request has its
/// connection (crr), it accepts until told to finish, and closes each when it has answered. It owns
/// its threads, which run on the CPUs of the thread that calls start(). All functions are for that
/// one thread, except counts(), which any thread may call at any time.
class Engine {
 public:
  Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  /// Ends everything at once if finish() was not called.
  virtual ~Engine() = default;

  /// Starts to accept; returns when everything that can fail is set up. Throws SetupError.
  virtual void start() = 0;

  /// Connections begin to send, also those accepted later.
  virtual void go() = 0;

  /// Ends operations that were begun, waits for every buffer to come back, and half-closes each
  /// connection; where it receives, not before the client has ended its stream. What is not done at
  /// `deadline_ns` (CLOCK_MONOTONIC) is broken off and named in failure. Where each request has its
  /// connection, the clients must have ended: what is still there is a stranger's.
  virtual void finish(std::uint64_t deadline_ns) = 0;

  [[nodiscard]] virtual EngineCounts counts() const = 0;

  /// How long sends have taken. Any thread, any time.
  [[nodiscard]] virtual SendTiming send_timing() const = 0;

  /// What the kernel granted; meaningful after start().
  [[nodiscard]] virtual Facts granted() const = 0;

  /// What is true of its first connection now (net/connection_facts.hpp); empty before there is
  /// one.
  [[nodiscard]] virtual Facts connection() const = 0;
};

/// Connections that may be there at once: where each request has one, a client's first, the one
/// that carries its request, and that before it, which the loop may not have forgotten yet.
std::uint32_t most_connections(const Case& the_case);

std::unique_ptr<Engine> make_engine(EngineSetup setup);

}  // namespace ub::engine
