#include "uringbench/uring/probe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <set>

namespace ub::uring {
namespace {

using testing::HasSubstr;

/// The last enumerator closes the list: a feature without a finding would be noticed here.
constexpr auto kFeatures = static_cast<std::size_t>(Feature::buffer_ring_incremental) + 1;

TEST(ProbeTest, EveryFeatureIsFoundOutOnce) {
  const Probe probe = Probe::run();
  std::set<Feature> seen;
  for (const Finding& finding : probe.findings()) seen.insert(finding.feature);
  EXPECT_EQ(seen.size(), kFeatures);
  EXPECT_EQ(probe.findings().size(), kFeatures);
}

TEST(ProbeTest, EveryFindingSaysWhatHowAndSinceWhen) {
  const Probe probe = Probe::run();
  for (const Finding& finding : probe.findings()) {
    SCOPED_TRACE(finding.name);
    EXPECT_FALSE(finding.name.empty());
    EXPECT_THAT(std::string(finding.since), testing::ContainsRegex("^[5-9]\\.[0-9]+$"));
    EXPECT_THAT(finding.how,
                testing::AnyOf("trial", "opcode probe", "feature bit", "set-up trial"));
    EXPECT_FALSE(finding.detail.empty());
    EXPECT_EQ(&probe.of(finding.feature), &finding);
  }
}

TEST(ProbeTest, NothingIsMissingWhereNothingIsNeeded) {
  EXPECT_EQ(Probe::run().missing({}), std::nullopt);
}

TEST(ProbeTest, TheFirstMissingFeatureIsNamed) {
  const Probe probe = Probe::run();
  for (const Finding& finding : probe.findings()) {
    const std::array needs{finding.feature};
    const auto missing = probe.missing(needs);
    EXPECT_EQ(missing.has_value(), !finding.present()) << finding.name;
    EXPECT_THAT(missing.value_or(finding.detail), HasSubstr(finding.detail));
  }
}

TEST(ProbeTest, TwoProbesAgree) {
  const Probe first = Probe::run();
  const Probe second = Probe::run();
  for (const Finding& finding : first.findings()) {
    EXPECT_EQ(second.of(finding.feature).present(), finding.present()) << finding.name;
  }
}

}  // namespace
}  // namespace ub::uring
