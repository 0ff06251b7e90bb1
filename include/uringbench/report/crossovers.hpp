#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "uringbench/model/environment.hpp"
#include "uringbench/model/sample.hpp"
#include "uringbench/report/reporter.hpp"
#include "uringbench/stats/crossover.hpp"
#include "uringbench/stats/two_term_model.hpp"

namespace ub::report {

/// What is compared, always as the cost of a message. `throughput`: the time between two arrivals,
/// ns; `server_cpu`: CPU time of the server, ns (at one size the same as by the byte);
/// `latency_p99`: ns, of workloads that have requests, at the load that the case fixes.
enum class Objective { throughput, server_cpu, latency_p99 };

std::string_view to_text(Objective objective);

/// Two modes over the sizes that both were measured at. In `found`, side a is `a`.
struct PairCrossover {
  std::string a;
  std::string b;
  std::vector<std::uint64_t> sizes_bytes;
  std::size_t blocks = 0;  ///< in which every size has both
  stats::Crossover found;
  std::optional<double> predicted_bytes;  ///< by the two-term models
};

struct ModeModel {
  std::string mode;
  stats::TwoTermModel model;
  std::size_t sizes = 0;
};

/// One objective, and every factor but the mode, the batch and the size as in `example`.
struct CrossoverGroup {
  Objective objective = Objective::throughput;
  Case example;
  std::vector<ModeModel> models;
  std::vector<PairCrossover> pairs;
};

/// Every pair of modes with two sizes or more in common, from the valid samples of the comparison.
/// Groups without such a pair are left out. Pairs stand with the side that copies more first.
std::vector<CrossoverGroup> find_crossovers(const std::vector<Sample>& samples);

/// With fewer repetitions no crossing can be shown, however clear it is.
inline constexpr std::size_t kFewestBlocksForACrossover = 6;

/// "1 client, over sink": the clients, and each factor in which `groups` differ.
std::string group_text(const CrossoverGroup& group, const std::vector<CrossoverGroup>& groups);

/// For people, at most 100 columns wide; empty when there are no groups.
std::string crossover_text(const std::vector<CrossoverGroup>& groups);

/// The crossovers as settings to copy:
/// {"schema":1,"record":"thresholds","environment":{...},"case":{what all have alike},
///  "crossovers":[{"objective","case":{...},
///  "a","b","sizes_bytes":[...],"repetitions","outcome":"crossing|several|never|undecided",
///  "thresholds":[{"size_bytes","low","high","level","between":[below,above],"below":MODE,
///  "from":MODE}],"cheaper":MODE|null,"more_repetitions":N|null,"model_size_bytes":x|null}],
///  "models":[{"objective","case","mode","fixed_ns","ns_per_byte","worst_residual"}]}
void write_thresholds(std::ostream& out, const Environment& environment,
                      const std::vector<CrossoverGroup>& groups);

/// Collects a study and writes its thresholds at end().
class ThresholdsReporter final : public Reporter {
 public:
  /// `out` must outlive the reporter.
  explicit ThresholdsReporter(std::ostream& out) : out_(out) {}

  void begin(const Environment& environment, const Plan& plan) override;
  void sample(const Sample& sample) override;
  void end() override;

 private:
  std::ostream& out_;
  Environment environment_;
  std::vector<Sample> samples_;
};

/// Sizes to add so that the crossings are seen from nearer: two, evenly on log size, between the
/// measured sizes on either side of each; ascending, none that `groups` already hold. Empty when
/// nothing crosses or the neighbours are less than a quarter apart.
std::vector<std::uint64_t> sizes_to_refine(const std::vector<CrossoverGroup>& groups);

/// "15.6 KiB".
std::string size_text(double bytes);

}  // namespace ub::report
