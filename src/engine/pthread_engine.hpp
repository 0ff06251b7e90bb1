#pragma once

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "control.hpp"
#include "failure_note.hpp"
#include "stream.hpp"
#include "uringbench/engine/engine.hpp"

namespace ub::engine {

/// One blocking thread per client. The acceptor makes the threads; each waits for go(), then sends
/// until it is told to stop. A thread that is blocked when time is up is woken by shutting its
/// socket down.
class PthreadEngine final : public Engine {
 public:
  explicit PthreadEngine(EngineSetup setup);
  PthreadEngine(const PthreadEngine&) = delete;
  PthreadEngine& operator=(const PthreadEngine&) = delete;
  ~PthreadEngine() override;

  void start() override;
  void go() override;
  void finish(std::uint64_t deadline_ns) override;
  [[nodiscard]] EngineCounts counts() const override;
  [[nodiscard]] SendTiming send_timing() const override;
  [[nodiscard]] Facts granted() const override;

 private:
  class Client;

  void accept_clients();
  bool add_client(UniqueFd socket);
  void ended();
  void wait_until_ended(std::uint64_t deadline_ns);
  [[nodiscard]] std::uint32_t running() const;

  EngineSetup setup_;
  net::MessageSet messages_;
  SendClock clock_;
  FailureNote failure_;
  std::atomic<bool> going_{false};
  std::atomic<bool> stopping_{false};
  std::atomic<bool> broken_off_{false};
  Wakeup wakeup_;
  mutable std::mutex mutex_;  ///< guards running_ and the growth of clients_
  std::condition_variable all_ended_;
  std::uint32_t running_ = 0;
  LoopThread acceptor_;
  std::vector<std::unique_ptr<Client>> clients_;
};

}  // namespace ub::engine
