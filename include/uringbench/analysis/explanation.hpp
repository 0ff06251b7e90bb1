#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "uringbench/model/category.hpp"
#include "uringbench/model/sample.hpp"
#include "uringbench/stats/compare.hpp"

/// Why one mode beats another: two ledgers side by side. Pure, from finished samples.
namespace ub::analysis {

/// ns a message with half of its 95 % interval. The interval is that of sampling, or that of the
/// repetitions where three or more of them differ by more than sampling explains.
struct Cost {
  double ns = 0;
  double half = 0;

  friend bool operator==(const Cost&, const Cost&) = default;
};

/// One role's ledger over all profiled repetitions of a case.
struct RoleCosts {
  std::map<Category, Cost> per_message;  ///< every category; empty without a profile
  double total_ns = 0;                   ///< CPU time a message: the sum of the categories
  double bytes_per_message = 0;
  std::uint64_t samples = 0;
  std::uint64_t lost = 0;
  std::string event;      ///< "cycles" or "cpu-clock"
  std::string events_on;  ///< "cpus" or "threads", see RoleProfile
  std::string missing;    ///< why there is no profile; empty when there is one
};

/// One of the two modes.
struct ExplainedSide {
  Case the_case;
  std::string claim;  ///< what its path says of its copies
  RoleCosts server;
  RoleCosts client;
  std::vector<double> rates;                ///< messages a second, unprofiled, by block
  std::optional<stats::Interval> slowdown;  ///< profiled rate / unprofiled rate of one block
  std::vector<std::string> failures;        ///< repetitions without figures, and why
};

struct CategoryDifference {
  Category category = Category::unclassified;
  Cost a;
  Cost b;
  Cost difference;  ///< b - a

  /// Whether the difference is larger than its error.
  [[nodiscard]] bool shown() const;
};

/// Where payload is copied.
inline constexpr std::array kCopyCategories{Category::flatten, Category::copy_in,
                                            Category::deferred_copy, Category::copy_out};

/// Speed of copying in user mode, measured on this machine: by this, time becomes copies.
struct CopyYardstick {
  double bytes_per_ns = 0;
  std::uint64_t block_bytes = 0;  ///< bytes a copy
};

/// B minus A in the blocks that have both, unprofiled: what a message takes from one to the next,
/// and what of that was CPU time of the server. The rest is waiting: for the peer, the link, a
/// buffer or the CPU.
struct TimeDifference {
  Cost time;
  Cost server_cpu;

  [[nodiscard]] double waiting_ns() const { return time.ns - server_cpu.ns; }
  /// Whether the time differs by more than its error.
  [[nodiscard]] bool shown() const;
};

struct Explanation {
  ExplainedSide a;
  ExplainedSide b;
  std::vector<CategoryDifference> server;  ///< the largest difference first
  std::vector<CategoryDifference> client;
  stats::Comparison speed;  ///< message rates, b / a
  /// None with fewer than five blocks, and where the server has several CPUs, whose times overlap.
  std::optional<TimeDifference> time;
  CopyYardstick yardstick;
};

/// The two cases of one comparison and what their paths claim.
struct ExplainedPair {
  Case a;
  Case b;
  std::string claim_a;
  std::string claim_b;
  CopyYardstick yardstick;
};

/// From the samples of both cases, profiled (Purpose::profile) and not. Other samples are ignored.
Explanation explain(const std::vector<Sample>& samples, const ExplainedPair& pair);

/// Pools the ledgers of one role over profiled repetitions of one case.
RoleCosts role_costs(const std::vector<const Sample*>& profiled, RoleUsage Sample::*usage);

/// Every category of either side, the largest difference first. Empty when a side has no profile.
std::vector<CategoryDifference> differences(const RoleCosts& a, const RoleCosts& b);

/// Time in copying over the time that copying every payload byte once takes in user mode; both
/// roles together. None without a profile or a yardstick.
std::optional<Cost> copies_per_byte(const ExplainedSide& side, Category category,
                                    const CopyYardstick& yardstick);

}  // namespace ub::analysis
