#include "uringbench/base/kernel_feature.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace ub {
namespace {

TEST(KernelFeatures, EachHasANameOfItsOwnAVersionAndEvidence) {
  std::set<std::string_view> names;
  for (const KernelFeature& feature : kernel_features()) {
    EXPECT_TRUE(names.insert(feature.name).second) << feature.name;
    EXPECT_TRUE(is_since(feature.since, "5.1")) << feature.name;
    EXPECT_FALSE(feature.changes.empty() || feature.evidence.empty()) << feature.name;
    EXPECT_FALSE(feature.ways.empty() || feature.facts.empty()) << feature.name;
    EXPECT_EQ(find_kernel_feature(feature.name), &feature);
  }
  EXPECT_EQ(find_kernel_feature("of nobody"), nullptr);
}

TEST(KernelFeatures, VersionsAreComparedAsNumbers) {
  EXPECT_TRUE(is_since("6.10.3", "6.9"));
  EXPECT_TRUE(is_since("6.12.117+deb12-cloud-amd64", "6.12"));
  EXPECT_FALSE(is_since("6.1.0-53-amd64", "6.10"));
  EXPECT_FALSE(is_since("5.19.0", "6.0"));
  EXPECT_FALSE(is_since("", "5.1"));
  EXPECT_FALSE(is_since("next", "5.1"));
}

}  // namespace
}  // namespace ub
