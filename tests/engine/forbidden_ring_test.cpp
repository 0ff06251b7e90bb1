// Where io_uring is forbidden, as in most containers: that is said, and the classic engines run.
#include <seccomp.h>

#include <cerrno>

#include "contract.hpp"
#include "session.hpp"
#include "support/in_child.hpp"

namespace ub::engine {
namespace {

using test::ChildReport;
using test::in_child;
using testing::AllOf;
using testing::HasSubstr;

/// io_uring_setup(2) fails with `error` from now on, in this process.
void forbid_rings(int error) {
  scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_ALLOW);
  ASSERT_EQ(::seccomp_rule_add(filter, SCMP_ACT_ERRNO(static_cast<unsigned>(error)),
                               SCMP_SYS(io_uring_setup), 0),
            0);
  ASSERT_EQ(::seccomp_load(filter), 0);
  ::seccomp_release(filter);
}

TEST(ForbiddenRingTest, EveryFeatureIsUnsupportedForThatReason) {
  const ChildReport report = in_child([] {
    forbid_rings(EPERM);
    const uring::Probe probe = uring::Probe::run();
    for (const uring::Finding& finding : probe.findings()) {
      EXPECT_FALSE(finding.present()) << finding.name;
      EXPECT_THAT(finding.detail, AllOf(HasSubstr("EPERM"),
                                        HasSubstr("the seccomp filter of this process forbids it"),
                                        HasSubstr("--security-opt seccomp=")));
    }
    return std::to_string(probe.findings().size());
  });
  EXPECT_EQ(report.status, 0);
  EXPECT_EQ(report.text, std::to_string(uring::Probe::run().findings().size()));
}

TEST(ForbiddenRingTest, AKernelThatHidesItIsUnderstoodToo) {
  const ChildReport report = in_child([] {
    forbid_rings(ENOSYS);
    return uring::Probe::run().of(uring::Feature::ring).detail;
  });
  EXPECT_EQ(report.status, 0);
  EXPECT_THAT(report.text, AllOf(HasSubstr("ENOSYS"), HasSubstr("seccomp")));
}

TEST(ForbiddenRingTest, EveryRingPairIsUnavailableForThatReason) {
  const ChildReport report = in_child([] {
    forbid_rings(EPERM);
    const uring::Probe probe = uring::Probe::run();
    int pairs = 0;
    for (const Pair& pair : every_pair()) {
      const auto reason = path::why_unavailable(pair.engine, *pair.path, probe);
      EXPECT_EQ(reason.has_value(), pair.engine == EngineKind::uring) << name_of(pair);
      EXPECT_THAT(reason.value_or("seccomp"), HasSubstr("seccomp")) << name_of(pair);
      pairs += reason ? 1 : 0;
    }
    return std::to_string(pairs);
  });
  EXPECT_EQ(report.status, 0);
  EXPECT_GT(std::stoi("0" + report.text), 0);
}

/// An engine that is made all the same fails in start(), with the same reason, and leaves nothing.
TEST(ForbiddenRingTest, ARingEngineThatIsStartedAllTheSameSaysWhy) {
  const ChildReport report = in_child([]() -> std::string {
    forbid_rings(EPERM);
    try {
      const Server server(case_of({EngineKind::uring, path::find("two-copy")}));
    } catch (const SetupError& error) {
      return error.what();
    }
    return "started";
  });
  EXPECT_EQ(report.status, 0);
  EXPECT_THAT(report.text, AllOf(HasSubstr("io_uring_setup: EPERM"), HasSubstr("seccomp")));
}

TEST(ForbiddenRingTest, TheClassicEnginesRun) {
  const ChildReport report = in_child([] {
    forbid_rings(EPERM);
    int runs = 0;
    for (const Pair& pair : every_pair()) {
      if (pair.engine == EngineKind::uring) continue;
      SCOPED_TRACE(name_of(pair));
      const Case c = case_of(pair);
      expect_balanced(c, run(c, 1U << 20U));
      ++runs;
    }
    return std::to_string(runs);
  });
  EXPECT_EQ(report.status, 0);
  EXPECT_GT(std::stoi("0" + report.text), 1);
}

}  // namespace
}  // namespace ub::engine
