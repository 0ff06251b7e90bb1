#include "uringbench/perf/memcpy_rate.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "uringbench/base/check.hpp"
#include "uringbench/base/clock.hpp"

namespace ub::perf {
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
