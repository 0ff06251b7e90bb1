#include "uringbench/base/closest.hpp"

#include <gtest/gtest.h>

namespace ub {
namespace {

TEST(DidYouMean, NamesTheNearestWord) {
  const std::vector<std::string> known{"--size", "--seed", "--send-zc"};
  EXPECT_EQ(did_you_mean("--siez", known), "; did you mean '--size'?");
  EXPECT_EQ(did_you_mean("--see", known), "; did you mean '--seed'?");
  EXPECT_EQ(did_you_mean("--sendzc", known), "; did you mean '--send-zc'?");
}

TEST(DidYouMean, IsSilentWhereNothingIsNear) {
  EXPECT_EQ(did_you_mean("beauty", {"throughput", "cpu", "p99"}), "");
  EXPECT_EQ(did_you_mean("x", {"rr"}), "");
  EXPECT_EQ(did_you_mean("", {"rr"}), "");
  EXPECT_EQ(did_you_mean(std::string(10'000, 'a'), {"aaa"}), "");
  EXPECT_EQ(did_you_mean("a", {}), "");
}

}  // namespace
}  // namespace ub
