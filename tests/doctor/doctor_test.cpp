#include "uringbench/doctor/doctor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "support/scratch.hpp"

namespace ub::doctor {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

/// A machine of files. It begins as one with nothing to mend.
class FakeMachine {
 public:
  FakeMachine() {
    for (const char* cpu : {"0", "1"}) {
      const std::string directory = std::string("sys/devices/system/cpu/cpu") + cpu;
      put(directory + "/cpufreq/scaling_governor", "performance");
      put(directory + "/topology/thread_siblings_list", cpu);
    }
    put("sys/devices/system/cpu/intel_pstate/no_turbo", "1");
    put("sys/devices/system/cpu/isolated", "0-1");
    put("sys/devices/system/cpu/vulnerabilities/meltdown", "Not affected");
    put("sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc");
    put("sys/devices/system/clocksource/clocksource0/available_clocksource", "tsc hpet acpi_pm");
    put("proc/sys/kernel/perf_event_paranoid", "1");
    put("proc/sys/kernel/io_uring_disabled", "0");
    put("proc/sys/net/ipv4/tcp_congestion_control", "cubic");
    put("proc/sys/net/ipv4/tcp_available_congestion_control", "reno cubic");
    put("proc/sys/net/core/optmem_max", "131072");
    put("proc/net/packet", "sk RefCnt Type Proto Iface R Rmem User Inode");
    put("proc/self/status", "Name: x\nCapEff:\t0000000000000000");
    put("proc/self/cgroup", "0::/");
    put("sys/fs/cgroup/cpu.stat", "usage_usec 1");
    put("proc/cmdline", "quiet");
    put("proc/sys/kernel/osrelease", "6.1.0-test");
    put("boot/config-6.1.0-test", "CONFIG_SMP=y\n# CONFIG_LOCKDEP is not set");
    machine_.hypervisor = "";
    put_stat("1000 0 500 8000 0 0 0 0");
    machine_.root = scratch_.path();
    machine_.server_cpus = {1};
    machine_.client_cpus = {0};
    machine_.memlock_bytes = 1ULL << 30U;
    machine_.pause = [this] { put_stat(later_); };
  }

  void put(const std::string& path, const std::string& text) {
    std::filesystem::create_directories((scratch_.path() / path).parent_path());
    std::ofstream(scratch_.path() / path) << text << '\n';
  }
  void put_stat(const std::string& times) {
    put("proc/stat", "cpu  9 9 9 9\ncpu0 " + times + "\ncpu1 " + times + "\ncpu10 7 7 7 7");
  }
  void remove(const std::string& path) { std::filesystem::remove_all(scratch_.path() / path); }
  void with_capabilities(const std::string& hex) {
    put("proc/self/status", "Name: x\nCapEff:\t" + hex);
  }
  /// What /proc/stat says of each CPU after the pause.
  void later(std::string times) { later_ = std::move(times); }
  Machine& machine() { return machine_; }

  Finding operator[](const std::string& name) const {
    for (Finding& each : examine(machine_)) {
      if (each.name == name) return each;
    }
    ADD_FAILURE() << "no check is named " << name;
    return {};
  }

 private:
  test::Scratch scratch_;
  Machine machine_;
  std::string later_ = "1000 0 500 8100 0 0 0 0";
};

TEST(Doctor, AMachineWithNothingToMendIsWell) {
  FakeMachine fake;
  for (const Finding& each : examine(fake.machine())) {
    EXPECT_EQ(each.severity, Severity::ok) << each.name << ": " << each.found;
    EXPECT_THAT(each.mend, IsEmpty()) << each.name;
    EXPECT_FALSE(each.found.empty() || each.why.empty()) << each.name;
  }
}

TEST(Doctor, AnEmptyMachineIsUnknownAndNeverWell) {
  const test::Scratch nothing;
  const std::set<std::string> well_without_files = {"IOMMU", "io_uring", "memlock", "isolation",
                                                    "perf"};
  for (const Finding& each : examine({.root = nothing.path(),
                             .server_cpus = {1},
                             .client_cpus = {0},
                             .memlock_bytes = 1ULL << 40U,
                             .pause = {}})) {
    if (!well_without_files.contains(each.name)) {
      EXPECT_EQ(each.severity, Severity::unknown) << each.name << ": " << each.found;
    }
    EXPECT_FALSE(each.found.empty()) << each.name;
  }
}

TEST(Doctor, EveryCheckHasANameOfItsOwn) {
  FakeMachine fake;
  std::set<std::string> names;
  for (const Finding& each : examine(fake.machine())) {
    EXPECT_TRUE(names.insert(each.name).second) << each.name;
  }
  EXPECT_EQ(names.size(), 18U);
}

struct Spoilt {
  const char* name;
  const char* path;
  const char* text;
  Severity severity;
  const char* found;
  const char* mend;
};

class SpoiltBy : public testing::TestWithParam<Spoilt> {};

TEST_P(SpoiltBy, AFileThatSaysSo) {
  const Spoilt& spoilt = GetParam();
  FakeMachine fake;
  fake.put(spoilt.path, spoilt.text);
  const Finding finding = fake[spoilt.name];
  EXPECT_EQ(finding.severity, spoilt.severity) << finding.found;
  EXPECT_THAT(finding.found, HasSubstr(spoilt.found));
  EXPECT_THAT(finding.mend, HasSubstr(spoilt.mend));
}

INSTANTIATE_TEST_SUITE_P(
    Doctor, SpoiltBy,
    testing::Values(
        Spoilt{"governor", "sys/devices/system/cpu/cpu1/cpufreq/scaling_governor", "powersave",
               Severity::warning, "powersave on CPU 1", "cpupower frequency-set -g performance"},
        Spoilt{"turbo", "sys/devices/system/cpu/intel_pstate/no_turbo", "0", Severity::note, "on",
               "echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo"},
        Spoilt{"siblings", "sys/devices/system/cpu/cpu1/topology/thread_siblings_list", "0-1",
               Severity::severe, "CPU 1 of the server shares its core", "--client-cpus"},
        Spoilt{"siblings", "sys/devices/system/cpu/cpu1/topology/thread_siblings_list", "1,5",
               Severity::note, "a second thread", "smt/control"},
        Spoilt{"isolation", "sys/devices/system/cpu/isolated", "1", Severity::note,
               "may put other work", "isolcpus=0-1"},
        Spoilt{"clock source", "sys/devices/system/clocksource/clocksource0/current_clocksource",
               "hpet", Severity::severe, "hpet", "echo tsc | sudo tee"},
        Spoilt{"mitigations", "sys/devices/system/cpu/vulnerabilities/spectre_v2",
               "Mitigation: Retpolines", Severity::note, "1 active", ""},
        Spoilt{"mitigations", "proc/cmdline", "ro mitigations=off quiet", Severity::note,
               "switched off", ""},
        Spoilt{"perf", "proc/sys/kernel/perf_event_paranoid", "2", Severity::warning,
               "perf_event_paranoid is 2", "sysctl kernel.perf_event_paranoid=1"},
        Spoilt{"io_uring", "proc/sys/kernel/io_uring_disabled", "2", Severity::severe,
               "io_uring_disabled is 2", "sysctl kernel.io_uring_disabled=0"},
        Spoilt{"congestion", "proc/sys/net/ipv4/tcp_congestion_control", "bbr", Severity::note,
               "cubic is there", "tcp_congestion_control=cubic"},
        Spoilt{"packet sockets", "proc/net/packet", "heading\none\ntwo", Severity::warning,
               "2 open", "ss -0"},
        Spoilt{"optmem", "proc/sys/net/core/optmem_max", "20480", Severity::warning, "20480",
               "net.core.optmem_max=131072"}));

TEST(Doctor, AKernelThatChecksItselfIsSevere) {
  FakeMachine fake;
  fake.put("boot/config-6.1.0-test", "CONFIG_KASAN=y\nCONFIG_KASAN_GENERIC=y\nCONFIG_LOCKDEP=y");
  EXPECT_EQ(fake["kernel checks"].severity, Severity::severe);
  EXPECT_EQ(fake["kernel checks"].found, "KASAN, lockdep");
}

TEST(Doctor, AGuestIsANoteAndAnEmulatedCpuSevere) {
  FakeMachine fake;
  fake.machine().hypervisor = "KVMKVMKVM";
  EXPECT_EQ(fake["hypervisor"].severity, Severity::note);
  EXPECT_EQ(fake["hypervisor"].found, "KVM");
  fake.machine().hypervisor = "TCGTCGTCGTCG";
  EXPECT_EQ(fake["hypervisor"].severity, Severity::severe);
  EXPECT_THAT(fake["hypervisor"].mend, HasSubstr("-accel kvm"));
}

TEST(Doctor, AnEmulatorThatHidesItsLeafIsKnownByItsCpu) {
  FakeMachine fake;
  fake.put("proc/cpuinfo", "processor\t: 0\nmodel name\t: QEMU TCG CPU version 2.5+");
  EXPECT_EQ(fake["hypervisor"].severity, Severity::severe);
}

TEST(Doctor, BbrWithoutCubicIsAWarning) {
  FakeMachine fake;
  fake.put("proc/sys/net/ipv4/tcp_congestion_control", "bbr");
  fake.put("proc/sys/net/ipv4/tcp_available_congestion_control", "reno bbr");
  EXPECT_EQ(fake["congestion"].severity, Severity::warning);
}

TEST(Doctor, TurboOfOtherDriversIsFoundToo) {
  FakeMachine fake;
  fake.remove("sys/devices/system/cpu/intel_pstate");
  fake.put("sys/devices/system/cpu/cpufreq/boost", "1");
  EXPECT_THAT(fake["turbo"].mend, HasSubstr("echo 0 | sudo tee"));
  fake.put("sys/devices/system/cpu/cpufreq/boost", "0");
  EXPECT_EQ(fake["turbo"].severity, Severity::ok);
}

TEST(Doctor, ATranslatingIommuIsAWarningAndAPassingOneIsNot) {
  FakeMachine fake;
  fake.put("sys/class/iommu/dmar0/x", "");
  EXPECT_EQ(fake["IOMMU"].severity, Severity::note) << "it does not say of which type";
  fake.put("sys/kernel/iommu_groups/0/type", "DMA-FQ");
  EXPECT_EQ(fake["IOMMU"].severity, Severity::warning);
  EXPECT_THAT(fake["IOMMU"].found, HasSubstr("DMA-FQ"));
  fake.put("sys/kernel/iommu_groups/0/type", "identity");
  EXPECT_EQ(fake["IOMMU"].severity, Severity::ok);
}

TEST(Doctor, RolesOnOneCpuAreSevere) {
  FakeMachine fake;
  fake.machine().client_cpus = {1};
  EXPECT_EQ(fake["siblings"].severity, Severity::severe);
}

TEST(Doctor, StealIsTheShareOfTheTimeBetweenTwoLooks) {
  FakeMachine fake;
  fake.later("1000 0 500 8098 0 0 0 2");  // 2 of 100 ticks
  EXPECT_EQ(fake["steal"].severity, Severity::warning);
  fake.put_stat("1000 0 500 8000 0 0 0 0");
  EXPECT_THAT(fake["steal"].found, HasSubstr("2.0%"));
  fake.put_stat("1000 0 500 8000 0 0 0 0");
  fake.later("1000 0 500 8080 0 0 0 20");
  EXPECT_EQ(fake["steal"].severity, Severity::severe);
}

TEST(Doctor, OtherLoadIsMeasuredWhereTheRolesWouldRun) {
  FakeMachine fake;
  fake.later("1005 0 505 8090 0 0 0 0");  // 10 of 100 ticks
  const Finding some = fake["other load"];
  EXPECT_EQ(some.severity, Severity::warning);
  EXPECT_THAT(some.found, HasSubstr("10.0%"));
  fake.put_stat("1000 0 500 8000 0 0 0 0");
  fake.later("1050 0 500 8050 0 0 0 0");
  EXPECT_EQ(fake["other load"].severity, Severity::severe);
}

TEST(Doctor, LittleLockedMemoryIsAWarningForWhomItBinds) {
  FakeMachine fake;
  fake.machine().memlock_bytes = 8U << 20U;
  EXPECT_THAT(fake["memlock"].found, HasSubstr("8M"));
  EXPECT_EQ(fake["memlock"].severity, Severity::warning);
  fake.with_capabilities("0000000000004000");  // CAP_IPC_LOCK
  EXPECT_EQ(fake["memlock"].severity, Severity::ok);
}

TEST(Doctor, WhoMayProfileAnywayIsNotWarned) {
  FakeMachine fake;
  fake.put("proc/sys/kernel/perf_event_paranoid", "3");
  EXPECT_EQ(fake["perf"].severity, Severity::warning);
  fake.with_capabilities("0000004000000000");  // CAP_PERFMON
  EXPECT_EQ(fake["perf"].severity, Severity::ok);
  fake.with_capabilities("0000000000200000");  // CAP_SYS_ADMIN
  EXPECT_EQ(fake["perf"].severity, Severity::ok);
}

TEST(Doctor, NoiseIsJudgedByTheSmallestEffectThatCounts) {
  EXPECT_EQ(judge_noise({0.05, 0.02, 8}).severity, Severity::ok);
  const Finding loud = judge_noise({0.123, 0.05, 8});
  EXPECT_EQ(loud.severity, Severity::warning);
  EXPECT_THAT(loud.found, AllOf(HasSubstr("12.3%"), HasSubstr("5.0%"), HasSubstr("8 blocks")));
  EXPECT_EQ(judge_noise({0.4, 0.2, 8}).severity, Severity::severe);
}

TEST(Doctor, AQuotaOfFewerCpusThanTheRolesNeedIsSevere) {
  FakeMachine fake;
  fake.put("proc/self/cgroup", "0::/pod");
  fake.put("sys/fs/cgroup/pod/cpu.max", "20000 100000");
  const Finding finding = fake["CPU quota"];
  EXPECT_EQ(finding.severity, Severity::severe);
  EXPECT_THAT(finding.found, HasSubstr("0.2 CPUs"));
  fake.put("sys/fs/cgroup/pod/cpu.max", "200000 100000");
  EXPECT_EQ(fake["CPU quota"].severity, Severity::ok);
}

TEST(Doctor, WhatWasTriedCountsMoreThanWhatIsConfigured) {
  FakeMachine fake;
  doctor::Machine machine = fake.machine();
  machine.ring = "io_uring_setup: EPERM";
  machine.perf_event = "perf_event_open: EACCES";
  for (const Finding& each : examine(machine)) {
    if (each.name == "io_uring") {
      EXPECT_EQ(each.severity, Severity::severe);
      EXPECT_EQ(each.found, "io_uring_setup: EPERM");
    }
    if (each.name == "perf") {
      EXPECT_EQ(each.severity, Severity::warning);
      EXPECT_EQ(each.found, "perf_event_open: EACCES");
    }
  }
}

}  // namespace
}  // namespace ub::doctor
