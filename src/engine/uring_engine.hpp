#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "control.hpp"
#include "failure_note.hpp"
#include "stream.hpp"
#include "uringbench/engine/engine.hpp"
#include "uringbench/uring/ring.hpp"

namespace ub::engine {

class UringConnection;

/// One completion-driven reactor. Its loop is four verbs: flush submissions, wait, reap
/// completions, dispatch. A connection has one send in flight and goes on from that send's
/// completion; buffers come back by completions as well.
class UringEngine final : public Engine {
 public:
  explicit UringEngine(EngineSetup setup);
  UringEngine(const UringEngine&) = delete;
  UringEngine& operator=(const UringEngine&) = delete;
  ~UringEngine() override;

  void start() override;
  void go() override;
  void finish(std::uint64_t deadline_ns) override;
  [[nodiscard]] EngineCounts counts() const override;
  [[nodiscard]] SendTiming send_timing() const override;
  [[nodiscard]] Facts granted() const override;

 private:
  using Connection = UringConnection;

  void set_up();
  void run();
  [[nodiscard]] bool done() const;
  void dispatch(const uring::Completion& completion);
  void arm_accept();
  void arm_wakeup();
  void accepted(const uring::Completion& completion);
  void add_connection(UniqueFd socket);
  void control_spoke(const uring::Completion& completion);
  void completed(Connection& connection, const uring::Completion& completion);
  void received(Connection& connection, const uring::Completion& completion);
  void wait();
  [[nodiscard]] bool ends(const Connection& connection) const;
  void wind_up(Connection& connection, const path::SendProgress& progress);
  void after(Connection& connection, Next next, int error);
  void go_on(Connection& connection);
  void drain(Connection& connection);
  void fail(Connection& connection, std::string description);
  void abandon(Connection& connection);
  void settle(Connection& connection);
  void break_off();
  void book_system_calls();

  EngineSetup setup_;
  net::MessageSet messages_;
  SendClock clock_;
  FailureNote failure_;
  Control control_;
  ServerTally tally_;
  Counter accepted_;
  Facts granted_;
  path::Releases releases_ = reserved_releases();
  bool started_ = false;  ///< connections may send
  std::uint32_t open_ = 0;
  std::uint64_t enters_booked_ = 0;
  std::uint64_t overflows_booked_ = 0;
  std::optional<uring::Ring> ring_;  ///< lives on the loop's thread
  std::unique_ptr<receive::RingShared> shared_;
  std::vector<std::unique_ptr<Connection>> connections_;
  LoopThread thread_;
};

}  // namespace ub::engine
