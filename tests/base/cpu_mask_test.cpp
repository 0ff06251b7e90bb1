#include "uringbench/base/cpu_mask.hpp"

#include <gtest/gtest.h>

namespace ub {
namespace {

TEST(CpuMask, HoldsMoreThan1024Cpus) {
  const CpuList cpus = {0, 63, 64, 1023, 1024, 4095, kMostCpus - 1};
  EXPECT_EQ(CpuMask(cpus).cpus(), cpus);
  EXPECT_TRUE(CpuMask().cpus().empty());
  EXPECT_EQ(parse_cpu_list("1024-1026"), CpuList({1024, 1025, 1026}));
}

TEST(CpuMask, IsWhatTheKernelSays) {
  EXPECT_EQ(CpuMask::allowed().cpus(), allowed_cpus());
  EXPECT_FALSE(allowed_cpus().empty());
}

}  // namespace
}  // namespace ub
