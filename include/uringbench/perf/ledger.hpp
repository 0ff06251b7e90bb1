#pragma once

#include <cstdint>
#include <map>

#include "uringbench/model/ledger.hpp"
#include "uringbench/perf/classifier.hpp"
#include "uringbench/perf/named_chain.hpp"
#include "uringbench/perf/profile.hpp"

namespace ub::perf {

/// What the samples of one category weigh.
struct CategoryWeight {
  std::uint64_t samples = 0;
  double weight = 0;  ///< cycles or ns, as Profile::event says
  double interrupt_weight =
      0;  ///< the part spent in softirqs and interrupts (classifier.hpp, Context)

  friend bool operator==(const CategoryWeight&, const CategoryWeight&) = default;
};

/// A profile by category; every sample is in exactly one.
struct Tally {
  std::map<Category, CategoryWeight> categories;  ///< those that were met
  std::uint64_t samples = 0;
  double weight = 0;
  double squared_weight = 0;  ///< sum of squares, for the number of equal samples this is worth

  friend bool operator==(const Tally&, const Tally&) = default;
};

Tally tally(const Profile& profile, const TimeWindow& window, ChainNamer& namer,
            Classifier& classifier);

/// The exact figures of the same window, by which the shares are turned into cost.
struct LedgerTotals {
  std::uint64_t cpu_ns = 0;  ///< of the role (RoleUsage::cpu_ns), or of the CPUs times the window
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
};

/// Shares by weight times the exact totals. The shares' error is that of a binomial count of as
/// many equal samples as the weighted ones are worth (Kish: the squared sum of weights by the sum
/// of their squares).
Ledger make_ledger(const Tally& tally, const LedgerTotals& totals);

/// 95 % interval of a share of which `hits` among `samples` were seen (E. B. Wilson, JASA 22,
/// 1927). The numbers may be fractions, since weighted samples are worth that many.
Estimate wilson_interval(double hits, double samples);

}  // namespace ub::perf
