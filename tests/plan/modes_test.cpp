#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/kernels.hpp"
#include "support/pairs.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/plan/builder.hpp"

namespace ub::plan {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSubsetOf;
using testing::Not;
using testing::StartsWith;

using Names = std::vector<std::string>;

Names expand(const Names& names, const uring::Probe& probe = newest_kernel()) {
  Names result;
  for (const Mode& mode : expand_modes(names, probe)) result.push_back(mode.name());
  return result;
}

/// The sentence with which the names are refused; empty when they are not.
std::string refusal(const Names& names, const uring::Probe& probe = newest_kernel()) {
  try {
    (void)expand_modes(names, probe);
    return "";
  } catch (const UsageError& error) {
    return error.what();
  }
}

TEST(Modes, AShortNameStandsForItsMode) {
  EXPECT_THAT(expand({"pthread"}), ElementsAre("pthread-two-copy"));
  EXPECT_THAT(expand({"epoll"}), ElementsAre("epoll-two-copy"));
  EXPECT_THAT(expand({"uring"}), ElementsAre("uring-two-copy"));
  EXPECT_THAT(expand({"two-copy"}), ElementsAre("uring-two-copy"));
  EXPECT_THAT(expand({"one-copy"}), ElementsAre("uring-fixed"));
  EXPECT_THAT(expand({"zero-copy"}), ElementsAre("uring-send-zc-fixed"));
  EXPECT_THAT(expand({"classic"}),
              ElementsAre("pthread-two-copy", "pthread-gather", "pthread-msg-zerocopy"));
}

TEST(Modes, AFullNameStandsForItself) {
  EXPECT_THAT(expand({"uring-bundle", "epoll-null"}), ElementsAre("uring-bundle", "epoll-null"));
}

TEST(Modes, AGlobStandsForWhatItMatches) {
  EXPECT_THAT(expand({"uring-*"}), AllOf(Each(StartsWith("uring-")), Contains("uring-null")));
  EXPECT_THAT(expand({"*-gather"}), ElementsAre("pthread-gather", "epoll-gather", "uring-gather"));
  EXPECT_THAT(expand({"epoll-[ng]*"}), ElementsAre("epoll-gather", "epoll-null"));
}

TEST(Modes, AllIsEveryPairThatCanExist) {
  const Names all = expand({"all"});
  EXPECT_EQ(all.size(), pairs_that_can_exist());
  EXPECT_THAT(all, Contains("uring-bundle"));
  EXPECT_THAT(all, Not(Contains("pthread-bundle")));
  EXPECT_EQ(expand({"*"}), all);
  EXPECT_THAT(expand({"default"}), IsSubsetOf(all));
}

TEST(Modes, EachModeComesOnceInTheOrderFirstNamed) {
  EXPECT_THAT(expand({"uring", "pthread", "two-copy", "uring-two-copy", "pthread"}),
              ElementsAre("uring-two-copy", "pthread-two-copy"));
  EXPECT_EQ(expand({"all", "pthread"}), expand({"all"}));
  EXPECT_EQ(expand({"uring-null", "all"}).front(), "uring-null");
}

TEST(Modes, AnUnknownNameIsRefusedWithWhatIsAccepted) {
  for (const std::string name : {"nosuch", "", "uring-", "URING", "uring-nosuch", "x*", "all "}) {
    EXPECT_THAT(refusal({"pthread", name}),
                AllOf(StartsWith("--mode: '" + name + "' is not a mode"), HasSubstr("'uring-*'"),
                      HasSubstr("zero-copy")));
  }
  EXPECT_THAT(refusal({}), HasSubstr("is not a mode"));
}

TEST(Modes, APairThatCannotExistIsRefused) {
  EXPECT_THAT(refusal({"pthread-bundle"}),
              AllOf(HasSubstr("--mode: 'pthread-bundle'"), HasSubstr("needs a ring")));
  EXPECT_THAT(refusal({"epoll-send-zc"}), HasSubstr("needs a ring"));
}

TEST(Modes, AModeThatTheKernelLacksIsRefusedIfNamedByItself) {
  const uring::Probe old = kernel_without(uring::Feature::send_bundle);
  EXPECT_THAT(refusal({"uring-bundle"}, old),
              AllOf(HasSubstr("--mode: 'uring-bundle' cannot be had here"), HasSubstr("EINVAL"),
                    HasSubstr("uringbench list")));
  EXPECT_THAT(refusal({"uring"}, kernel_that_forbids_io_uring()),
              HasSubstr("io_uring is forbidden here"));
}

TEST(Modes, AModeThatTheKernelLacksStaysInAGroupWithItsReason) {
  const uring::Probe forbidding = kernel_that_forbids_io_uring();
  for (const std::string group : {"all", "default", "*"}) {
    std::size_t lacking = 0;
    for (const Mode& mode : expand_modes({group}, forbidding)) {
      const bool ring = mode.engine == EngineKind::uring;
      EXPECT_EQ(!mode.unavailable.empty(), ring) << mode.name();
      if (ring) {
        EXPECT_THAT(mode.unavailable, HasSubstr("io_uring is forbidden here"));
      }
      lacking += ring ? 1 : 0;
    }
    EXPECT_GT(lacking, 0U) << group;
  }
}

TEST(Modes, AFullNameOfAShortOne) {
  EXPECT_EQ(full_mode_name("pthread"), "pthread-two-copy");
  EXPECT_EQ(full_mode_name("classic"), "classic") << "more than one mode";
  EXPECT_EQ(full_mode_name("uring-null"), "uring-null");
  EXPECT_EQ(full_mode_name("nosuch"), "nosuch");
}

}  // namespace
}  // namespace ub::plan
