#include "uringbench/model/speed_trust.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ub {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Environment machine(Facts facts) {
  return {.facts = std::move(facts)};
}

TEST(SpeedTrust, AGuestOnARealCpuMeasures) {
  EXPECT_THAT(why_facts_only(machine({{"hypervisor", "KVM"},
                                      {"kernel_debug", "none"},
                                      {"clock_source", "kvm-clock"},
                                      {"cpu_model", "AMD EPYC"}})),
              IsEmpty());
  EXPECT_THAT(why_facts_only(machine({})), IsEmpty()) << "a file of before it was recorded";
  EXPECT_THAT(why_facts_only(
                  machine({{"hypervisor", "unavailable: x"}, {"kernel_debug", "unavailable: x"}})),
              IsEmpty());
}

TEST(SpeedTrust, AnEmulatedCpuDoesNot) {
  EXPECT_THAT(why_facts_only(machine({{"hypervisor", "emulation (QEMU TCG)"}})),
              ElementsAre(HasSubstr("QEMU TCG")));
  EXPECT_THAT(why_facts_only(machine({{"cpu_model", "QEMU TCG CPU version 2.5+"}})),
              ElementsAre(HasSubstr("QEMU TCG")));
}

TEST(SpeedTrust, NorDoesAKernelThatChecksItselfOrAClockThatTicks) {
  EXPECT_THAT(why_facts_only(machine({{"kernel_debug", "KASAN, lockdep"}})),
              ElementsAre(HasSubstr("KASAN, lockdep")));
  EXPECT_THAT(why_facts_only(machine({{"hypervisor", "KVM"}, {"clock_source", "refined-jiffies"}})),
              ElementsAre(HasSubstr("refined-jiffies")));
  EXPECT_THAT(why_facts_only(machine({{"hypervisor", "none"}, {"clock_source", "jiffies"}})),
              IsEmpty());
}

TEST(SpeedTrust, OfTwoHostsEachIsAsked) {
  Environment environment;
  environment.ends = Ends{.server = {{"kernel_debug", "none"}},
                          .load = {{{"kernel_debug", "KCSAN"}}, {{"kernel_debug", "KCSAN"}}}};
  EXPECT_THAT(why_facts_only(environment),
              ElementsAre("load generator: the kernel checks itself: KCSAN"));
}

}  // namespace
}  // namespace ub
