#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "control.hpp"
#include "failure.hpp"
#include "send_clock.hpp"
#include "stream.hpp"
#include "uringbench/engine/engine.hpp"
#include "uringbench/net/message_set.hpp"

/// What all engines are made of: set-up, messages, clock, failure, tally, counts, and the life of a
/// connection. An engine adds how it waits and how it asks the kernel.
///
/// How a connection ends, one word for each way:
///   drain   in good order: nothing more is begun; its buffers are waited for, then our end of the
///           stream follows (FIN)
///   fail    it is of no more use: a send or receive failed, or its client ended in mid-request.
///           What went wrong is noted; the connection is reset
///   stop    time is up, or the loop itself failed: every connection that is left is reset, and one
///           note says why
///   reset   what `fail` and `stop` do to the socket (RST): whoever blocks on it wakes
///   part    where each request has its connection: it is answered, and the server closes it (FIN).
///           Its memory is free for the next connection
///   close   the end of each: nothing of the connection is in the kernel's hands, and it is counted
///           as open no longer. A socket that has not parted stays until the engine goes, so that
///           what is in its send buffer is still delivered
namespace ub::engine {

/// The life of a connection that a loop serves.
enum class ConnectionState : std::uint8_t {
  idle,            ///< waits for go, for something to send, or its turn
  sending,         ///< an operation is under way in the kernel
  awaits_release,  ///< cannot go on before a buffer comes back
  draining,        ///< begins nothing more; some buffer is still the kernel's
  failed,          ///< reset; requests of it are still in the kernel
  parting,         ///< its one request is answered; requests of it are still in the kernel
  closed,          ///< over
};

/// Ends a connection by force: whoever blocks on it wakes at once, and closing it will reset it and
/// empty its send queue (socket(7), SO_LINGER). After a mere shutdown the kernel would go on
/// sending for as long as the peer takes to read, and from messages that are gone by then.
void reset_socket(int fd);

/// Bytes that one receive may take. For an upload 64 KiB, which is what a TCP segment of loopback
/// carries at most; for requests what may be in flight on a connection, as a server that knows its
/// protocol would choose: 10,000 connections must not take 10,000 large buffers.
std::uint64_t receive_size_bytes(const Case& the_case);

/// MSG_* that the case asks for beside a path's own.
int send_flags_of(const Case& the_case);

/// What a path of system calls is made from. `messages` outlives it.
path::SyscallContext syscall_context(const EngineSetup& setup, const net::MessageSet& messages,
                                     int fd);

/// The part of an engine that is the same in all. Where it has several reactors, each is a core of
/// its own.
class EngineCore : public Engine {
 public:
  void go() final;
  void finish(std::uint64_t deadline_ns) final;
  [[nodiscard]] EngineCounts counts() const final;
  [[nodiscard]] SendTiming send_timing() const final { return clock_.read(); }
  [[nodiscard]] Facts granted() const final { return granted_; }
  [[nodiscard]] Facts connection() const final;

  /// finish() in two steps, for several at once.
  void begin_to_finish(std::uint64_t deadline_ns) { control_.finish(deadline_ns); }
  virtual void wait_until_finished() = 0;

 protected:
  explicit EngineCore(EngineSetup setup);

  /// Whether an accepted connection is a client's; a stranger's is reset and counted. Where each
  /// request has its connection, only the first of each client, before go(), presents the token.
  [[nodiscard]] bool admits(int socket);
  /// Of a connection that is still there when the clients have ended, and so is none of theirs.
  void turn_away(int socket);

  [[nodiscard]] bool parts_after_answer() const { return parts_; }
  /// Message that the next connection begins with. Where a connection carries one alone, each
  /// begins with another, so that the server rotates through all.
  [[nodiscard]] std::uint32_t next_first_message() const {
    return parts_ ? static_cast<std::uint32_t>(accepted_.get() % messages_.count()) : 0;
  }

  /// What its threads have counted. Any thread.
  [[nodiscard]] virtual ServerCounts counted() const = 0;

  EngineSetup setup_;
  net::MessageSet messages_;
  SendClock clock_;
  FailureNote failure_;
  Control control_;
  Counter accepted_;  ///< connections
  Counter strangers_;
  Facts granted_;  ///< filled by the set-up

 private:
  bool parts_;  ///< from each connection when it has answered its one request
  std::atomic<int> first_socket_ = -1;
};

/// An engine of one thread that serves all connections in turn.
class LoopEngine : public EngineCore {
 public:
  void start() final;
  void wait_until_finished() final { thread_.join(); }

 protected:
  using EngineCore::EngineCore;

  /// All four run on the loop's thread. `set_up` may throw; `run` returns when the last connection
  /// is closed and finish() was asked for, or when it has stopped; `stop` may be called in mid-run.
  virtual void set_up() = 0;
  virtual void run() = 0;
  virtual void stop(std::string why) = 0;
  virtual void tear_down() = 0;

  [[nodiscard]] ServerCounts counted() const final { return read(tally_); }
  [[nodiscard]] bool done() const { return control_.finishing() && open_ == 0; }
  /// Books that nothing of a connection is in the kernel's hands any more.
  void close(ConnectionState& state) {
    state = ConnectionState::closed;
    --open_;
  }

  ServerTally tally_;
  path::Releases releases_ = reserved_releases();
  std::uint32_t open_ = 0;  ///< connections
  bool started_ = false;    ///< connections may send

 private:
  LoopThread thread_;
};

}  // namespace ub::engine
