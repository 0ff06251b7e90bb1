#pragma once

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "connection_table.hpp"
#include "core.hpp"

namespace ub::engine {

/// One blocking thread per client. The acceptor makes the threads; each waits for go(), then sends
/// until it is told to stop. A thread that is blocked when time is up is woken by shutting its
/// socket down. Where each request has its connection, so has each a thread of its own, as classic
/// servers have it: it is made when the connection is accepted, and ends with it.
class PthreadEngine final : public EngineCore {
 public:
  explicit PthreadEngine(EngineSetup setup);
  PthreadEngine(const PthreadEngine&) = delete;
  PthreadEngine& operator=(const PthreadEngine&) = delete;
  ~PthreadEngine() override;

  void start() override;
  void wait_until_finished() override;

 private:
  class Client;

  [[nodiscard]] ServerCounts counted() const override;
  void accept_clients();
  void accept_requests();
  bool add_client(UniqueFd socket);
  void ended(std::uint32_t number);
  void forget_ended();
  void turn_away_the_rest();
  void wait_until_ended(std::uint64_t deadline_ns);
  [[nodiscard]] std::uint32_t running() const;

  std::atomic<bool> stopped_{false};  ///< sockets are being reset: their ends are no failures
  mutable std::mutex mutex_;          ///< guards what follows; only the acceptor changes clients_
  std::condition_variable all_ended_;
  std::uint32_t running_ = 0;
  std::vector<std::uint32_t> ended_;  ///< numbers of clients that may be forgotten, oldest first
  ServerCounts of_forgotten_;
  ConnectionTable<Client> clients_;
  LoopThread acceptor_;
};

}  // namespace ub::engine
