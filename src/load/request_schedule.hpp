#pragma once

#include <cstdint>

#include "generator.hpp"
#include "uringbench/stats/random.hpp"

namespace ub::load {

/// When the requests of one thread are to be sent, fixed by these values alone: what the server
/// does cannot move it, which is what keeps slow answers from hiding the requests behind them
/// (coordinated omission; Tene).
struct SchedulePlan {
  double rate_per_s = 0;
  Gaps gaps = Gaps::fixed;
  double phase = 0;  ///< fixed gaps: of the first request, in gaps
  std::uint64_t seed = 0;

  friend bool operator==(const SchedulePlan&, const SchedulePlan&) = default;
};

/// A thread's share of an open loop's rate: as its share of the clients. With fixed gaps the
/// threads take turns (evenly when they have equally many clients); with Poisson gaps each has a
/// seed of its own, and independent Poisson processes add up to one.
SchedulePlan share_of(const CrewSetup& setup, std::span<const Placement> placements,
                      std::size_t thread);

/// Walks through the times of a plan. Never ends; does not allocate.
class Schedule {
 public:
  explicit Schedule(const SchedulePlan& plan);

  /// When the next request is due, in ns after the start. Never falls.
  [[nodiscard]] std::uint64_t next_ns() const { return next_ns_; }
  void advance();

 private:
  double draw_ns();

  double gap_ns_;
  Gaps gaps_;
  stats::Random random_;
  double phase_;
  std::uint64_t index_ = 0;
  double poisson_ns_ = 0;  ///< exact to 1 ns for 104 days
  std::uint64_t next_ns_ = 0;
};

}  // namespace ub::load
