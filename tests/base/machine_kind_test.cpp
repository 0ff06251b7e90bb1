#include "uringbench/base/machine_kind.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>

#include "support/scratch.hpp"

namespace ub {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Hypervisor, IsKnownByItsSignature) {
  EXPECT_EQ(to_text(hypervisor_of("", "Any CPU")), "none");
  EXPECT_EQ(to_text(hypervisor_of("KVMKVMKVM", "AMD EPYC")), "KVM");
  EXPECT_EQ(to_text(hypervisor_of("TCGTCGTCGTCG", "Any CPU")), "emulation (QEMU TCG)");
  EXPECT_EQ(to_text(hypervisor_of("Somebody new", "Any CPU")), "Somebody new");
  EXPECT_THAT(to_text(hypervisor_of(std::nullopt, "Any CPU")), HasSubstr("unavailable: "));
}

TEST(Hypervisor, ThatHidesItsLeafIsKnownByItsCpu) {
  EXPECT_EQ(hypervisor_of("", "QEMU TCG CPU version 2.5+").kind, MachineKind::emulated);
  // QEMU's default CPU is that of its KVM guests, too.
  EXPECT_EQ(hypervisor_of("KVMKVMKVM", "QEMU Virtual CPU version 2.5+").kind, MachineKind::guest);
}

/// A kernel of files.
class FakeKernel {
 public:
  FakeKernel() { put("proc/sys/kernel/osrelease", "6.9.0\n"); }
  void put(const std::string& path, const std::string& text) {
    std::filesystem::create_directories((scratch_.path() / path).parent_path());
    std::ofstream(scratch_.path() / path) << text;
  }
  void put_compressed(const std::string& path, const std::string& text) {
    std::filesystem::create_directories((scratch_.path() / path).parent_path());
    const gzFile file = ::gzopen((scratch_.path() / path).c_str(), "wb");
    ::gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    ::gzclose(file);
  }
  [[nodiscard]] KernelDebug debug() const { return kernel_debug(scratch_.path()); }

 private:
  test::Scratch scratch_;
};

TEST(KernelDebug, OfACompressedConfiguration) {
  FakeKernel kernel;
  kernel.put_compressed("proc/config.gz", "CONFIG_KASAN=y\nCONFIG_KASAN_GENERIC=y\n");
  EXPECT_THAT(kernel.debug().checks, ElementsAre("KASAN"));
  EXPECT_THAT(kernel.debug().source, HasSubstr("proc/config.gz"));
}

TEST(KernelDebug, WhatIsBuiltInButAsleepDoesNotCount) {
  FakeKernel kernel;
  kernel.put("boot/config-6.9.0",
             "CONFIG_DEBUG_KMEMLEAK=y\nCONFIG_DEBUG_KMEMLEAK_DEFAULT_OFF=y\nCONFIG_KASAN=y\n"
             "CONFIG_KASAN_HW_TAGS=y\nCONFIG_SLUB_DEBUG=y\n# CONFIG_LOCKDEP is not set\n");
  EXPECT_THAT(kernel.debug().checks, IsEmpty());
  EXPECT_EQ(to_text(kernel.debug()), "none");
}

TEST(KernelDebug, WithoutAConfigurationTheFunctionsTell) {
  FakeKernel kernel;
  kernel.put("proc/kallsyms",
             "0000 T lock_acquire\n0000 T lock_acquired_by_nobody\n0000 t f\t[module]\n");
  EXPECT_THAT(kernel.debug().checks, ElementsAre("lockdep"));
}

TEST(KernelDebug, NothingToReadIsUnknown) {
  EXPECT_THAT(to_text(FakeKernel().debug()), HasSubstr("unavailable: "));
}

}  // namespace
}  // namespace ub
