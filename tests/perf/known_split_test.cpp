// The whole way, on a program whose split is known: sampler, symbols, classifier, ledger.
#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "uringbench/base/clock.hpp"
#include "uringbench/perf/ledger.hpp"
#include "uringbench/perf/sampler.hpp"

namespace ub::perf {
namespace {

constexpr std::uint64_t kRoundNs = 5'000'000;
constexpr double kCopyShare = 0.6;

/// Works in pieces of some 100 us until `cpu_ns` of CPU time are used, so that asking for it costs
/// nothing.
template <typename Piece>
std::uint64_t work_for(std::uint64_t cpu_ns, const Piece& piece) {
  const std::uint64_t start_ns = thread_cpu_ns();
  std::uint64_t used_ns = 0;
  while (used_ns < cpu_ns) {
    piece();
    used_ns = thread_cpu_ns() - start_ns;
  }
  return used_ns;
}

void copy_a_piece(std::vector<char>& to, const std::vector<char>& from) {
  for (int i = 0; i < 32; ++i) {
    std::memcpy(to.data(), from.data(), from.size());
    asm volatile("" : : "r"(to.data()) : "memory");
  }
}

void spin_a_piece() {
  for (std::uint64_t i = 0; i < 100'000; ++i) asm volatile("" : : "r"(i));
}

TEST(KnownSplit, IsFoundAgainWithinFivePoints) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "the address sanitizer checks both ranges inside memcpy, which is not copying";
#endif
  auto opened = Sampler::open({.frequency_hz = 1999});
  if (const auto* missing = std::get_if<Unavailable>(&opened)) GTEST_SKIP() << missing->reason;
  auto named = ChainNamer::of_this_process();
  if (const auto* missing = std::get_if<Unavailable>(&named)) GTEST_SKIP() << missing->reason;
  const std::vector<char> from(std::size_t{64} << 10U, 'x');
  std::vector<char> to(from.size());
  auto& sampler = std::get<Sampler>(opened);
  double copied_ns = 0;
  double spun_ns = 0;
  sampler.start();
  for (int round = 0; round < 100; ++round) {
    const auto copy_ns = static_cast<std::uint64_t>(kCopyShare * kRoundNs * 2);
    copied_ns += static_cast<double>(work_for(copy_ns, [&] { copy_a_piece(to, from); }));
    spun_ns += static_cast<double>(work_for(2 * kRoundNs - copy_ns, spin_a_piece));
  }
  sampler.stop();
  const Profile profile = sampler.take();
  if (profile.frequency_hz < 1000) {
    GTEST_SKIP() << "kernel.perf_event_max_sample_rate has fallen to " << profile.frequency_hz;
  }

  Classifier classifier;
  const Tally result = tally(profile, {}, std::get<ChainNamer>(named), classifier);
  const double flatten = result.categories.at(Category::flatten).weight;
  const double user = result.categories.at(Category::user).weight;
  RecordProperty("flatten_percent", static_cast<int>(100 * flatten / (flatten + user)));
  EXPECT_GE(result.samples, 1000U);  // 2000 are due; the binomial error of 1000 is 1.5 points
  EXPECT_NEAR(copied_ns / (copied_ns + spun_ns), kCopyShare,
              0.02);  // the program kept to its split
  EXPECT_NEAR(flatten / (flatten + user), copied_ns / (copied_ns + spun_ns), 0.05);
  // No system calls to speak of; what is left is being switched on a busy machine.
  EXPECT_GE(flatten + user, 0.5 * result.weight);
}

}  // namespace
}  // namespace ub::perf
