#pragma once

#include <sys/epoll.h>

#include <memory>
#include <vector>

#include "connection_table.hpp"
#include "core.hpp"

namespace ub::engine {

/// One non-blocking event loop. It sends before it waits: a connection is taken to be writable
/// until the kernel says EAGAIN. Readiness is edge-triggered, so that a writable socket costs
/// nothing.
class EpollEngine final : public LoopEngine {
 public:
  explicit EpollEngine(EngineSetup setup);
  EpollEngine(const EpollEngine&) = delete;
  EpollEngine& operator=(const EpollEngine&) = delete;
  ~EpollEngine() override;

 private:
  struct Connection;

  void set_up() override;
  void run() override;
  void stop(std::string why) override;
  void tear_down() override {}

  /// 0, or the errno with which the kernel refused.
  [[nodiscard]] int wait();
  [[nodiscard]] int watch(int fd, std::uint32_t events, void* what);
  void dispatch(const epoll_event& event);
  [[nodiscard]] bool accepts_all() const;
  void accept_waiting();
  bool accept_next();
  void add_connection(UniqueFd socket);
  bool not_accepted(int error);
  void make_ready(Connection& connection);
  void start_all();
  void serve_ready();
  bool serve(Connection& connection);
  bool serve_client(Connection& connection);
  bool send_next(Connection& connection);
  bool send(Connection& connection);
  bool receive(Connection& connection);
  bool after(Connection& connection, Next next, int error);
  bool await_release(Connection& connection, ConnectionState meanwhile);
  void reap(Connection& connection);
  bool drain(Connection& connection);
  bool fail(Connection& connection, std::string description);
  void unwatch(int fd);
  void close(Connection& connection);
  void part(Connection& connection);
  void forget_parted();
  void turn_away_the_rest();

  UniqueFd epoll_;
  std::uint64_t receive_bytes_;  ///< most a receive
  std::vector<epoll_event> events_;
  ConnectionTable<Connection> connections_;
  std::vector<Connection*> parted_;   ///< to be forgotten after this pass
  std::vector<Connection*> ready_;    ///< to be served in the next pass
  std::vector<Connection*> serving_;  ///< being served in this pass
  std::uint32_t sends_since_wait_ = 0;
};

}  // namespace ub::engine
