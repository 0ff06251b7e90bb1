#include <gtest/gtest.h>

#include "uringbench/perf/reference_rates.hpp"

namespace ub::perf {
namespace {

TEST(MemcpyRate, IsARateOfThisMachine) {
  const double rate = measure_memcpy_rate({.block_bytes = 4096,
                                           .source_bytes = 65536,
                                           .target_bytes = 65536,
                                           .duration_ns = 1'000'000});
  EXPECT_GT(rate, 0.01);
  EXPECT_LT(rate, 10'000) << "the copies were not made";
}

TEST(MemcpyRate, TakesABlockLargerThanItsMemory) {
  EXPECT_GT(
      measure_memcpy_rate(
          {.block_bytes = 1U << 20U, .source_bytes = 1, .target_bytes = 1, .duration_ns = 100'000}),
      0);
}

TEST(MemcpyRate, OfNothingIsABug) {
  EXPECT_DEATH(measure_memcpy_rate({.block_bytes = 0}), "has a byte");
}

}  // namespace
}  // namespace ub::perf
