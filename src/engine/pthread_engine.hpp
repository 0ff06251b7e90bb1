#pragma once

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "core.hpp"

namespace ub::engine {

/// One blocking thread per client. The acceptor makes the threads; each waits for go(), then sends
/// until it is told to stop. A thread that is blocked when time is up is woken by shutting its
/// socket down.
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
  bool add_client(UniqueFd socket);
  void ended();
  void wait_until_ended(std::uint64_t deadline_ns);
  [[nodiscard]] std::uint32_t running() const;

  std::atomic<bool> stopped_{false};  ///< sockets are being reset: their ends are no failures
  mutable std::mutex mutex_;          ///< guards running_ and the growth of clients_
  std::condition_variable all_ended_;
  std::uint32_t running_ = 0;
  LoopThread acceptor_;
  std::vector<std::unique_ptr<Client>> clients_;
};

}  // namespace ub::engine
