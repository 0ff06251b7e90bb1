#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "connection_table.hpp"
#include "core.hpp"
#include "uringbench/uring/ring.hpp"

namespace ub::engine {

class UringConnection;

/// One completion-driven reactor. Its loop is four verbs: flush submissions, wait, reap
/// completions, dispatch. A connection has one send in flight and goes on from that send's
/// completion; buffers come back by completions as well.
class UringEngine final : public LoopEngine {
 public:
  explicit UringEngine(EngineSetup setup);
  UringEngine(const UringEngine&) = delete;
  UringEngine& operator=(const UringEngine&) = delete;
  ~UringEngine() override;

 private:
  using Connection = UringConnection;

  void set_up() override;
  void run() override;
  void stop(std::string why) override;
  void tear_down() override;

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
  void completed_late(Connection& connection, const path::SendProgress& progress);
  void after(Connection& connection, Next next, int error);
  void go_on(Connection& connection);
  void drain(Connection& connection);
  void fail(Connection& connection, std::string description);
  void reset(Connection& connection);
  void close_if_unused(Connection& connection);
  void part(Connection& connection);
  void turn_away_the_rest();
  void book_system_calls();

  std::uint64_t enters_booked_ = 0;
  std::uint64_t overflows_booked_ = 0;
  std::optional<uring::Ring> ring_;  ///< lives on the loop's thread
  std::unique_ptr<receive::RingShared> shared_;
  ConnectionTable<Connection> connections_;
  std::vector<std::uint32_t> parted_;  ///< numbers; to be forgotten after this round of completions
};

}  // namespace ub::engine
