// A call that is refused while features are tried says nothing of the kernel: the feature is
// neither there nor missing.
#include <seccomp.h>
#include <sys/resource.h>

#include <cerrno>

#include "contract.hpp"
#include "session.hpp"
#include "support/in_child.hpp"

namespace ub::engine {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using uring::Feature;
using uring::Support;

/// `call` fails with `error` from now on, in this process.
void refuse(int call, int error) {
  scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_ALLOW);
  ASSERT_EQ(::seccomp_rule_add(filter, SCMP_ACT_ERRNO(static_cast<unsigned>(error)), call, 0), 0);
  ASSERT_EQ(::seccomp_load(filter), 0);
  ::seccomp_release(filter);
}

bool has_rings() {
  return probe().of(Feature::ring).present();
}

/// "support: detail" of a feature in a process to which `call` is refused.
std::string finding_without(int call, int error, Feature feature) {
  const test::ChildReport report = test::in_child([&] {
    refuse(call, error);
    const uring::Probe probe = uring::Probe::run();
    const uring::Finding& finding = probe.of(feature);
    return std::string(to_text(finding.support)) + ": " + finding.detail;
  });
  EXPECT_EQ(report.status, 0);
  return report.text;
}

TEST(UntriedFeatureTest, ARegistrationThatIsForbiddenIsNotAFeatureThatIsMissing) {
  if (!has_rings()) GTEST_SKIP() << "no io_uring here";
  for (const Feature feature : {Feature::buffer_ring, Feature::write_fixed, Feature::op_send,
                                Feature::registered_ring_fd}) {
    EXPECT_THAT(
        finding_without(SCMP_SYS(io_uring_register), EPERM, feature),
        AllOf(HasSubstr("untried: "), HasSubstr("io_uring_register: EPERM"), HasSubstr("seccomp")));
  }
}

TEST(UntriedFeatureTest, ARingThatMayNotBeEnteredTellsNothingOfItsOperations) {
  if (!has_rings()) GTEST_SKIP() << "no io_uring here";
  EXPECT_THAT(finding_without(SCMP_SYS(io_uring_enter), EPERM, Feature::poll_multishot),
              AllOf(HasSubstr("untried: "), HasSubstr("io_uring_enter: EPERM")));
  EXPECT_THAT(finding_without(SCMP_SYS(io_uring_enter), EPERM, Feature::ring),
              HasSubstr("present: "));
}

TEST(UntriedFeatureTest, ShortResourcesAreNoLackOfTheKernel) {
  if (!has_rings()) GTEST_SKIP() << "no io_uring here";
  for (const int error : {ENOMEM, EMFILE, ENFILE, EAGAIN}) {
    EXPECT_THAT(finding_without(SCMP_SYS(io_uring_setup), error, Feature::ring),
                AllOf(HasSubstr("untried: "), HasSubstr(errno_name(error))));
  }
}

TEST(UntriedFeatureTest, WithoutSocketsTheRingIsFoundAllTheSame) {
  if (!has_rings()) GTEST_SKIP() << "no io_uring here";
  EXPECT_THAT(finding_without(SCMP_SYS(socket), EMFILE, Feature::ring), HasSubstr("present: "));
  EXPECT_THAT(finding_without(SCMP_SYS(socket), EMFILE, Feature::accept_multishot),
              AllOf(HasSubstr("untried: "), HasSubstr("EMFILE")));
}

TEST(UntriedFeatureTest, AModeThatNeedsItIsUnknownAndNotUnavailable) {
  if (!has_rings()) GTEST_SKIP() << "no io_uring here";
  const test::ChildReport report = test::in_child([] {
    refuse(SCMP_SYS(io_uring_enter), EPERM);
    const uring::Probe probe = uring::Probe::run();
    const path::Descriptor& two_copy = *path::find("two-copy");
    EXPECT_EQ(path::why_unavailable(EngineKind::uring, two_copy, probe), std::nullopt);
    return path::why_unknown(EngineKind::uring, two_copy, probe).value_or("known");
  });
  EXPECT_EQ(report.status, 0);
  EXPECT_THAT(report.text, AllOf(HasSubstr("IORING_ACCEPT_MULTISHOT could not be tried"),
                                 HasSubstr("io_uring_enter: EPERM")));
}

}  // namespace
}  // namespace ub::engine
