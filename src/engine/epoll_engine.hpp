#pragma once

#include <sys/epoll.h>

#include <memory>
#include <vector>

#include "control.hpp"
#include "failure_note.hpp"
#include "stream.hpp"
#include "uringbench/engine/engine.hpp"

namespace ub::engine {

/// One non-blocking event loop. It sends before it waits: a connection is taken to be writable
/// until the kernel says EAGAIN. Readiness is edge-triggered, so that a writable socket costs
/// nothing.
class EpollEngine final : public Engine {
 public:
  explicit EpollEngine(EngineSetup setup);
  EpollEngine(const EpollEngine&) = delete;
  EpollEngine& operator=(const EpollEngine&) = delete;
  ~EpollEngine() override;

  void start() override;
  void go() override;
  void finish(std::uint64_t deadline_ns) override;
  [[nodiscard]] EngineCounts counts() const override;
  [[nodiscard]] SendTiming send_timing() const override;
  [[nodiscard]] Facts granted() const override;

 private:
  struct Connection;

  void run();
  [[nodiscard]] bool done() const;
  void wait();
  void dispatch(const epoll_event& event);
  void watch(int fd, std::uint32_t events, void* what);
  void accept_next();
  void adopt_sockets();
  void add_connection(UniqueFd socket);
  void not_accepted(int error);
  void make_ready(Connection& connection);
  void start_all();
  void serve_ready();
  bool serve(Connection& connection);
  bool serve_client(Connection& connection);
  bool send_next(Connection& connection);
  bool send(Connection& connection);
  bool receive(Connection& connection);
  bool after(Connection& connection, Next next, int error);
  bool await_release(Connection& connection);
  void reap(Connection& connection);
  bool drain(Connection& connection);
  bool fail(Connection& connection, std::string description);
  void close(Connection& connection);
  void break_off();

  EngineSetup setup_;
  net::MessageSet messages_;
  SendClock clock_;
  FailureNote failure_;
  Control control_;
  ServerTally tally_;
  Counter accepted_;
  UniqueFd epoll_;
  path::Releases releases_ = reserved_releases();
  std::uint64_t receive_bytes_;  ///< most a receive
  std::vector<epoll_event> events_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<Connection*> ready_;    ///< to be served in the next pass
  std::vector<Connection*> serving_;  ///< being served in this pass
  std::uint32_t open_ = 0;
  std::uint32_t sends_since_wait_ = 0;
  bool started_ = false;  ///< connections may send
  LoopThread thread_;
};

}  // namespace ub::engine
