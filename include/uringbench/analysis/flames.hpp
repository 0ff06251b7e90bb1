#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "uringbench/analysis/ledgers.hpp"

/// Call trees of profiled cases laid over each other, for differential flame graphs. Pure
/// functions.
namespace ub::analysis {

/// Folded stacks of one role of one case, as the sampler wrote them: a line for each chain, root
/// first, frames parted by semicolons, kernel frames marked "_[k]", then a blank and the number of
/// samples. Lines that are alike add up.
struct FoldedStacks {
  Case the_case;
  std::string role;  ///< "server" or "client"
  std::string text;
};

/// A frame below one chain of callers, with its cost in each case of the group; its callees are in
/// it.
struct FlameNode {
  std::string frame;
  std::vector<double> ns_per_message;
  std::vector<FlameNode> callees;
};

struct FlameGroup {
  std::string title;  ///< of the ledgers' group
  std::uint64_t size_bytes = 0;
  std::string role;
  std::vector<std::string> variants;  ///< the cases, in the order of every `ns_per_message`
  FlameNode root;
};

/// One tree for each group and role with the stacks of two cases or more. The ways from the user's
/// code to the socket are folded into one frame, so that what lies below it can be compared: it is
/// what the entry points (sendto, writev, io_uring_enter, …) have in common. Frames with less than
/// kLeastShare in every case are left out; their time is in their caller's.
std::vector<FlameGroup> flames_of(const std::vector<LedgerGroup>& ledgers,
                                  const std::vector<FoldedStacks>& stacks);

inline constexpr double kLeastShare = 0.006;

/// The frames of one folded chain as flames_of() compares them: "user code", then the kernel's from
/// the entry on.
std::vector<std::string> comparable_frames(const std::string& chain);

}  // namespace ub::analysis
