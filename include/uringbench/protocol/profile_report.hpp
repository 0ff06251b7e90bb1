#pragma once

#include <optional>
#include <string>

#include "uringbench/model/json.hpp"
#include "uringbench/perf/ledger.hpp"

namespace ub::protocol {

/// What a role says of its profile at the end: everything but the totals that its shares are shares
/// of, which only the runner has from both roles.
struct ProfileReport {
  RoleProfile profile;  ///< without lines in its ledger
  perf::Tally tally;
  std::string folded;  ///< stacks of the window, see perf/folded.hpp

  friend bool operator==(const ProfileReport&, const ProfileReport&) = default;
};

using MaybeProfile = std::optional<OrUnavailable<ProfileReport>>;

void to_json(Json& json, const ProfileReport& report);
void from_json(const Json& json, ProfileReport& report);

/// The tally's shares times the exact totals of the same window.
OrUnavailable<RoleProfile> with_ledger(const OrUnavailable<ProfileReport>& report,
                                       const perf::LedgerTotals& totals);

/// The most frequent lines of folded stacks that fit into `most_bytes`, in their order, and a last
/// line that counts the samples of those left out.
std::string cut_folded(const std::string& folded, std::size_t most_bytes);

}  // namespace ub::protocol
