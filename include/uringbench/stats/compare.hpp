#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "uringbench/stats/interval.hpp"

namespace ub::stats {

/// What may be said of a against b. `faster`, `slower`: the difference is real and large enough to
/// matter. `same`: any difference is too small to matter. `undecided`: the data allows neither
/// claim.
enum class Verdict { faster, slower, same, undecided };

std::string_view to_text(Verdict verdict);

/// Whether a larger value is the better one (a rate) or a smaller one (a cost, a latency).
enum class Better { higher, lower };

/// `paired`: a[i] and b[i] were measured in the same block. `studies`: they are one mean each of
/// two whole studies; what shifts a study shifts all its cases alike, so these cannot vouch for
/// each other's noise. `independent`: the repetitions of two studies.
enum class Design { paired, studies, independent };

struct CompareOptions {
  Better better = Better::higher;
  Design design = Design::paired;
  double level = 0.95;                 ///< of the interval of the ratio
  double false_discovery_rate = 0.05;  ///< expected share of false claims among faster and slower
  double min_effect = 0.03;            ///< relative; a smaller difference is `same`
  std::uint64_t seed = 1;
  /// Log ratios of one case measured twice in each block: one comparison more for the prior.
  std::span<const double> twins = {};
};

/// One comparison to make: positive values of each side, one a repetition. Views; they outlive the
/// call.
struct Sides {
  std::span<const double> a;
  std::span<const double> b;
  double noise_floor =
      0;  ///< relative; of the median of so many blocks (noise.hpp); 0: not measured
};

struct Comparison {
  std::optional<Interval> ratio;     ///< a / b
  std::optional<double> p_value;     ///< of this comparison alone, see compare()
  std::optional<double> p_adjusted;  ///< among all that were made together
  double threshold = 0;              ///< relative: the larger of min_effect and noise floor; a
                                     ///< smaller difference is never claimed
  Verdict verdict = Verdict::undecided;
  std::optional<std::uint64_t> more_blocks;  ///< of an undecided one: about so many more decide it
};

/// All comparisons of one report together, because each further one is a further chance of a false
/// claim, and because together they say how noisy the machine is.
///   paired: the mean log ratio within blocks, its variance moderated by that of all comparisons
///     (moderated.hpp), so that three blocks decide what is far beyond the noise.
///   studies: the same without moderation: Student's t with the number of pairs less one.
///   independent: the difference of the mean logs, with Welch's t. It knows the noise within the
///   two
///     studies, not how far two studies of the same thing lie apart.
///   faster, slower: p_adjusted says that the ratio lies outside 1 / (1 + min_effect) ..
///     1 + min_effect, and it is further from 1 than the noise floor. With eight blocks or more the
///     exact sign-flip test has to agree, which assumes nothing about the noise.
///   same: the 90 % interval of the ratio lies inside (two one-sided tests at 5 %: Schuirmann,
///     1987).
///   undecided: all else, also when there are too few repetitions for an interval or a p-value.
/// Sides that have no ratio (log_ratios()) are undecided without figures and not counted among the
/// tests.
std::vector<Comparison> compare(std::span<const Sides> sides, const CompareOptions& options = {});

}  // namespace ub::stats
