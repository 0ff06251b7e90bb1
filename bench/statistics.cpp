// Simulated studies with known truth: how often the verdicts find a difference, and how often they
// claim one where there is none. Run by statistics.sh.
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "stats/simulated.hpp"
#include "uringbench/stats/compare.hpp"

namespace {

using namespace ub::stats;  // NOLINT(google-build-using-namespace): a script of one file

constexpr std::size_t kSizes = 3;
constexpr std::size_t kModes = 7;  ///< beside the baseline

struct Claims {
  double tests = 0;    ///< percent of all tests
  double studies = 0;  ///< percent of studies with one or more
};

/// Claims of one study: each mode against the baseline of its size.
std::size_t claims_of_a_study(Simulated& simulated, double ratio, double noise,
                              std::size_t blocks) {
  std::vector<std::vector<double>> bases;
  std::vector<std::vector<double>> modes;
  for (std::size_t size = 0; size < kSizes; ++size) {
    bases.push_back(simulated.rates(blocks, 1, noise));
    for (std::size_t i = 0; i < kModes; ++i) modes.push_back(simulated.rates(blocks, ratio, noise));
  }
  const std::vector<double> twin = simulated.rates(blocks, 1, noise);
  const auto twins = log_ratios(twin, bases.front());
  std::vector<Arms> arms;
  for (std::size_t i = 0; i < modes.size(); ++i) arms.push_back({modes[i], bases[i / kModes]});
  std::size_t claims = 0;
  for (const Comparison& result : compare(arms, {.twins = *twins})) {
    claims += result.verdict == Verdict::faster || result.verdict == Verdict::slower ? 1 : 0;
  }
  return claims;
}

Claims simulate(std::uint64_t seed, int studies, double ratio, double noise, std::size_t blocks) {
  Simulated simulated(seed);
  Claims sum;
  for (int study = 0; study < studies; ++study) {
    const auto claims = static_cast<double>(claims_of_a_study(simulated, ratio, noise, blocks));
    sum.tests += 100 * claims / (kSizes * kModes) / studies;
    sum.studies += claims > 0 ? 100.0 / studies : 0;
  }
  return sum;
}

}  // namespace

int main(int /*argc*/, char** argv) {
  std::uint64_t seed = std::strtoull(argv[1], nullptr, 10);
  const int studies = std::atoi(argv[2]);  // NOLINT(cert-err34-c): from the script beside it
  std::printf("| noise | blocks | 14 | 2 | 1.2 | 1.1 | 1.05 | equal: studies with a claim |\n");
  for (const double noise : {0.05, 0.10, 0.20}) {
    for (const std::size_t blocks : {3, 5, 8}) {
      std::printf("| %.0f %% | %zu |", noise * 100, blocks);
      for (const double ratio : {14.0, 2.0, 1.2, 1.1, 1.05}) {
        std::printf(" %.0f |", simulate(seed++, studies, ratio, noise, blocks).tests);
      }
      std::printf(" %.1f %% |\n", simulate(seed++, studies, 1, noise, blocks).studies);
    }
  }
}
