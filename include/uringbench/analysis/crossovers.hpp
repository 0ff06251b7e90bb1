#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "uringbench/analysis/metrics.hpp"
#include "uringbench/model/sample.hpp"
#include "uringbench/stats/crossover.hpp"
#include "uringbench/stats/two_term_model.hpp"

/// Where one variant overtakes another as messages grow. Pure functions.
namespace ub::analysis {

/// Two variants over the sizes that both were measured at. In `found`, side a is `a`.
struct PairCrossover {
  std::string a;
  std::string b;
  std::vector<std::uint64_t> sizes_bytes;
  std::size_t blocks = 0;  ///< in which every size has both
  stats::Crossover found;
  std::optional<double> predicted_bytes;  ///< by the two-term models

  [[nodiscard]] const std::string& name(stats::Side side) const {
    return side == stats::Side::a ? a : b;
  }
};

/// One variant over its sizes.
struct SizedVariant {
  std::string name;
  Case example;
  ZeroCopyCounts zero_copy;                  ///< of all its samples
  std::optional<stats::TwoTermModel> model;  ///< with two sizes or more
  std::size_t sizes = 0;
};

/// One objective, and every condition but the size as in `example`.
struct CrossoverGroup {
  Objective objective = Objective::throughput;
  Case example;
  std::vector<SizedVariant> variants;
  std::vector<PairCrossover> pairs;
  std::string title;  ///< "1 client, over sink": what tells this group from the others

  /// Null for a name that is not in the group.
  [[nodiscard]] const SizedVariant* variant(const std::string& name) const;
};

/// Every pair of variants with two sizes or more in common, from the valid samples of the
/// comparison. Groups without such a pair are left out. Pairs stand with the side that copies more
/// first.
std::vector<CrossoverGroup> find_crossovers(const std::vector<Sample>& samples);

/// With fewer repetitions the interval of a crossing has less than 75 % confidence, whatever the
/// data.
inline constexpr std::size_t kFewestBlocksForACrossover = 3;

/// With fewer sizes the residuals of a two-term model mean nothing (two_term_model.hpp).
inline constexpr std::size_t kFewestSizesForResiduals = 4;

std::string_view to_text(stats::CrossoverOutcome outcome);

/// Sizes to add so that the crossings are seen from nearer: two, evenly on log size, between the
/// measured sizes on either side of each; ascending, none that `groups` already hold. Empty when
/// nothing crosses or the neighbours are less than a quarter apart.
std::vector<std::uint64_t> sizes_to_refine(const std::vector<CrossoverGroup>& groups);

/// How a pair looks to the side that copies less.
struct Challenge {
  stats::Side side = stats::Side::neither;  ///< neither: the pair is not of that kind
  const SizedVariant* challenger = nullptr;
  const SizedVariant* rival = nullptr;
};

/// The pair as `newer` against `older`, if its sides are of these families and of one engine:
/// these differ in nothing but the path.
Challenge challenge_of(const CrossoverGroup& group, const PairCrossover& pair, Family newer,
                       Family older);

}  // namespace ub::analysis
