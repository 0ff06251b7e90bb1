#include <gmock/gmock.h>

#include <cerrno>

#include "perf_event.hpp"

namespace ub::perf {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string explain(std::string_view name, int error, const PerfFacts& facts,
                    const CounterTarget& target = {.tid = 1}) {
  return explain_open_failure(*find_counter(name), target, error, facts);
}

TEST(ExplainOpenFailure, TellsAMachineWithoutAPmuFromAPmuWithoutTheEvent) {
  EXPECT_THAT(explain("cycles", ENOENT, {2, false}),
              AllOf(HasSubstr("ENOENT"), HasSubstr("no PMU"), HasSubstr("VM")));
  EXPECT_THAT(explain("dtlb_misses", ENOENT, {2, true}),
              AllOf(Not(HasSubstr("no PMU")), HasSubstr("does not have the event")));
}

TEST(ExplainOpenFailure, PointsFromTheLastLevelCacheToTheGenericEvent) {
  EXPECT_THAT(explain("llc_misses", ENOENT, {2, true}), HasSubstr("cache_misses"));
}

TEST(ExplainOpenFailure, NamesTheSysctlWithItsValueAndTheCapability) {
  EXPECT_THAT(explain("cycles", EACCES, {2, true}),
              AllOf(HasSubstr("EACCES"), HasSubstr("kernel.perf_event_paranoid=2"),
                    HasSubstr("user mode only"), HasSubstr("CAP_PERFMON")));
  EXPECT_THAT(explain("cycles", EPERM, {4, true}),
              AllOf(HasSubstr("kernel.perf_event_paranoid=4"), HasSubstr("no counter")));
}

TEST(ExplainOpenFailure, SuspectsAFilterWhenTheSysctlWouldPermit) {
  EXPECT_THAT(explain("cycles", EPERM, {1, true}), HasSubstr("seccomp"));
  EXPECT_THAT(explain("cycles", EPERM, {1, true, false}),
              AllOf(HasSubstr("security module"), Not(HasSubstr("seccomp"))));
}

TEST(ExplainOpenFailure, TellsAFilterFromAMissingCapability) {
  const PerfFacts capable{.paranoid = 2, .core_pmu = true, .seccomp_filter = true, .perfmon = true};
  EXPECT_THAT(explain("cycles", EPERM, capable),
              AllOf(HasSubstr("has CAP_PERFMON"), HasSubstr("seccomp filter of this process"),
                    Not(HasSubstr("--cap-add")), Not(HasSubstr("paranoid"))));
  const PerfFacts neither{
      .paranoid = 2, .core_pmu = true, .seccomp_filter = true, .perfmon = false};
  EXPECT_THAT(explain("cycles", EPERM, neither),
              AllOf(HasSubstr("seccomp filter of this process"), HasSubstr("and then"),
                    HasSubstr("kernel.perf_event_paranoid=2"), HasSubstr("CAP_PERFMON")));
  EXPECT_THAT(explain("cycles", EACCES, neither),
              AllOf(Not(HasSubstr("seccomp")), HasSubstr("kernel.perf_event_paranoid=2")));
}

TEST(ExplainOpenFailure, BlamesNoCapabilityThatIsThere) {
  const PerfFacts capable{
      .paranoid = 4, .core_pmu = true, .seccomp_filter = false, .perfmon = true};
  EXPECT_THAT(
      explain("cycles", EACCES, capable),
      AllOf(HasSubstr("has CAP_PERFMON"), HasSubstr("security module"), Not(HasSubstr("seccomp"))));
}

TEST(ExplainOpenFailure, AsksMoreOfAWholeCpuThanOfAThread) {
  EXPECT_THAT(explain("cycles", EACCES, {1, true}, {.cpu = 0}),
              AllOf(HasSubstr("not a whole CPU"), HasSubstr("kernel.perf_event_paranoid=0")));
  EXPECT_THAT(explain("cycles", ENODEV, {1, true}, {.cpu = 3}), HasSubstr("CPU 3 is offline"));
}

TEST(ExplainOpenFailure, NamesTheMendOfOtherErrors) {
  EXPECT_THAT(explain("cycles", EMFILE, {1, true}), HasSubstr("ulimit -n"));
  EXPECT_THAT(explain("cycles", ENOSYS, {}), HasSubstr("CONFIG_PERF_EVENTS"));
  EXPECT_THAT(explain("cycles", EBUSY, {1, true}), HasSubstr("nmi_watchdog"));
  EXPECT_THAT(explain("cycles", EXDEV, {1, true}), HasSubstr("EXDEV"));
}

}  // namespace
}  // namespace ub::perf
