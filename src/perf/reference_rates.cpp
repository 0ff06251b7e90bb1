#if defined(__x86_64__)
#endif
#include "uringbench/perf/reference_rates.hpp"

#include <x86intrin.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "procfs.hpp"
#include "uringbench/base/check.hpp"
#include "uringbench/base/clock.hpp"

namespace ub::perf {
namespace {

#if defined(__x86_64__)
std::uint64_t read_tsc() {
  return __rdtsc();
}

bool has_flag(std::string_view flags, std::string_view wanted) {
  while (!flags.empty()) {
    if (take_word(flags) == wanted) return true;
  }
  return false;
}

bool tsc_is_invariant(std::string_view cpuinfo) {
  while (!cpuinfo.empty()) {
    std::string_view line = take_until(cpuinfo, '\n');
    if (!line.starts_with("flags")) continue;
    take_until(line, ':');
    return has_flag(line, "constant_tsc") && has_flag(line, "nonstop_tsc");
  }
  return false;
}

/// Read once: /proc/cpuinfo has a page for each CPU, and nothing in it changes here.
const OrUnavailable<bool>& invariance() {
  static const OrUnavailable<bool> known = []() -> OrUnavailable<bool> {
    const auto cpuinfo = read_text_file("/proc/cpuinfo");
    if (const auto* failed = std::get_if<Unavailable>(&cpuinfo)) return *failed;
    return tsc_is_invariant(std::get<std::string>(cpuinfo));
  }();
  return known;
}

TscPoint read_pair() {
  const std::uint64_t before_ns = now_ns();
  const std::uint64_t tsc = read_tsc();
  const std::uint64_t after_ns = now_ns();
  return {tsc, before_ns + (after_ns - before_ns) / 2, after_ns - before_ns};
}
#endif

}  // namespace

std::variant<TscPoint, Unavailable> read_tsc_point() {
#if defined(__x86_64__)
  if (const auto* failed = std::get_if<Unavailable>(&invariance())) return *failed;
  if (!std::get<bool>(invariance())) {
    return Unavailable{"this CPU has no invariant TSC (constant_tsc and nonstop_tsc)"};
  }
  constexpr int kTries = 64;  // an interrupt between the three reads spoils a try
  TscPoint best{.uncertainty_ns = std::numeric_limits<std::uint64_t>::max()};
  for (int i = 0; i < kTries; ++i) {
    const TscPoint pair = read_pair();
    if (pair.uncertainty_ns < best.uncertainty_ns) best = pair;
  }
  return best;
#else
  return Unavailable{"the TSC is an x86-64 register"};
#endif
}

TscRate tsc_rate(const TscPoint& first, const TscPoint& last) {
  check(last.time_ns >= first.time_ns + 1'000'000, "a TSC rate needs points at least 1 ms apart");
  check(last.tsc >= first.tsc, "an invariant TSC does not run backwards");
  const auto elapsed_ns = static_cast<double>(last.time_ns - first.time_ns);
  const auto uncertain_ns = static_cast<double>(first.uncertainty_ns + last.uncertainty_ns);
  return {static_cast<double>(last.tsc - first.tsc) / elapsed_ns * kNsPerSecond,
          uncertain_ns / elapsed_ns};
}

TscCyclesEstimate estimate_tsc_cycles(std::uint64_t cpu_ns, const TscRate& rate) {
  return {.value = static_cast<double>(cpu_ns) / kNsPerSecond * rate.ticks_per_second,
          .ticks_per_second = rate.ticks_per_second,
          .relative_error = rate.relative_error};
}

namespace {

using Memory = std::vector<char>;

/// Fills `to` once, block by block, from the blocks of `from` in turn.
void copy_all(Memory& to, const Memory& from, std::size_t block_bytes) {
  std::size_t source = 0;
  for (std::size_t at = 0; at + block_bytes <= to.size(); at += block_bytes) {
    std::memcpy(to.data() + at, from.data() + source, block_bytes);
    asm volatile("" : : "r"(to.data()) : "memory");  // every copy is made
    source += block_bytes;
    if (source + block_bytes > from.size()) source = 0;
  }
}

double one_try(Memory& to, const Memory& from, const MemcpyOptions& options) {
  const std::uint64_t start_ns = thread_cpu_ns();
  std::uint64_t used_ns = 0;
  std::uint64_t rounds = 0;
  while (used_ns < options.duration_ns) {
    copy_all(to, from, options.block_bytes);
    ++rounds;
    used_ns = thread_cpu_ns() - start_ns;
  }
  const std::uint64_t a_round = to.size() / options.block_bytes * options.block_bytes;
  return static_cast<double>(rounds * a_round) / static_cast<double>(used_ns);
}

}  // namespace

double measure_memcpy_rate(const MemcpyOptions& options) {
  check(options.block_bytes > 0, "a copy has a byte");
  check(options.duration_ns > 0, "a try takes time");
  constexpr int kTries = 5;
  const Memory from(std::max(options.source_bytes, options.block_bytes), 'x');
  Memory to(std::max(options.target_bytes, options.block_bytes));
  std::array<double, kTries> rates{};
  for (double& rate : rates) rate = one_try(to, from, options);
  std::sort(rates.begin(), rates.end());
  return rates[kTries / 2];
}

}  // namespace ub::perf
