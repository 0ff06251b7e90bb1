#include "uringbench/base/machine_kind.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

namespace ub {
namespace {

struct KnownHypervisor {
  std::string_view signature;
  MachineKind kind;
  std::string_view name;
};

/// systemd-detect-virt(1) and the kernel's arch/x86 know the same.
constexpr std::array kKnown = {
    KnownHypervisor{"TCGTCGTCGTCG", MachineKind::emulated, "QEMU TCG"},
    KnownHypervisor{"KVMKVMKVM", MachineKind::guest, "KVM"},
    KnownHypervisor{"Linux KVM Hv", MachineKind::guest, "KVM"},
    KnownHypervisor{"Microsoft Hv", MachineKind::guest, "Hyper-V"},
    KnownHypervisor{"VMwareVMware", MachineKind::guest, "VMware"},
    KnownHypervisor{"XenVMMXenVMM", MachineKind::guest, "Xen"},
    KnownHypervisor{"bhyve bhyve ", MachineKind::guest, "bhyve"},
    KnownHypervisor{"ACRNACRNACRN", MachineKind::guest, "ACRN"},
};

/// How QEMU names the CPU that it emulates with `-cpu max`, and those of other emulators.
constexpr std::array<std::string_view, 2> kEmulatedModels = {"QEMU TCG CPU", "Bochs"};

}  // namespace

std::optional<std::string> hypervisor_signature() {
#if defined(__x86_64__) || defined(__i386__)
  constexpr unsigned kHypervisorBit = 1U << 31U;  // of ECX; reserved for hypervisors by Intel, AMD
  constexpr unsigned kHypervisorLeaf = 0x40000000;
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0) return std::nullopt;
  if ((c & kHypervisorBit) == 0) return "";
  __cpuid(kHypervisorLeaf, a, b, c, d);
  std::string signature;
  for (const unsigned part : {b, c, d}) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
      const char letter = static_cast<char>(part >> shift & 0xffU);
      if (letter >= ' ' && letter <= '~') signature += letter;
    }
  }
  return signature.empty() ? "without a name" : signature;
#else
  return std::nullopt;
#endif
}

Hypervisor hypervisor_of(const std::optional<std::string>& signature, std::string_view cpu_model) {
  const bool emulated_model = std::any_of(
      kEmulatedModels.begin(), kEmulatedModels.end(),
      [&](std::string_view model) { return cpu_model.find(model) != std::string_view::npos; });
  if (emulated_model) return {MachineKind::emulated, std::string(kKnown.front().name)};
  if (!signature) return {MachineKind::unknown, ""};
  if (signature->empty()) return {MachineKind::bare, ""};
  for (const KnownHypervisor& known : kKnown) {
    if (*signature == known.signature) return {known.kind, std::string(known.name)};
  }
  return {MachineKind::guest, *signature};
}

std::string to_text(const Hypervisor& hypervisor) {
  switch (hypervisor.kind) {
    case MachineKind::bare:
      return "none";
    case MachineKind::guest:
      return hypervisor.name;
    case MachineKind::emulated:
      return fmt::format("{} ({})", kEmulation, hypervisor.name);
    case MachineKind::unknown:
      break;
  }
  return "unavailable: CPUs of this architecture do not say whether they are a guest's";
}

}  // namespace ub
