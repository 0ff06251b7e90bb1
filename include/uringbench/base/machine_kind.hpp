#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What stands between a program and a CPU whose times mean something: an emulator, a hypervisor,
/// a kernel that checks itself.
namespace ub {

/// What the hypervisor calls itself in CPUID leaf 0x40000000 ("KVMKVMKVM"); empty without one.
/// nullopt where the CPU has no such leaf to ask (not x86).
std::optional<std::string> hypervisor_signature();

/// `bare`: no hypervisor. `guest`: a hypervisor runs it on the real CPU. `emulated`: its
/// instructions are translated, so that no time is that of a real CPU.
enum class MachineKind { bare, guest, emulated, unknown };

struct Hypervisor {
  MachineKind kind = MachineKind::unknown;
  std::string name;  ///< "KVM", "QEMU TCG"; its signature where it is not known; may be empty
};

/// `cpu_model`: of /proc/cpuinfo. An emulator that hides its leaf is known by it.
Hypervisor hypervisor_of(const std::optional<std::string>& signature, std::string_view cpu_model);

/// How the text of an emulator begins (to_text()), by which reports know it again.
inline constexpr std::string_view kEmulation = "emulation";

/// "none", "KVM", "emulation (QEMU TCG)", "unavailable: …".
std::string to_text(const Hypervisor& hypervisor);

/// What a kernel checks of itself at every access or lock, which slows it by a factor.
struct KernelDebug {
  std::vector<std::string> checks;  ///< "KASAN", "lockdep"
  std::string source;               ///< the file that told; empty: none could be read
};

/// Read from the kernel's configuration below `root`: /proc/config.gz, /boot/config-RELEASE or
/// /lib/modules/RELEASE/config; where there is none, of the functions that /proc/kallsyms names.
KernelDebug kernel_debug(const std::filesystem::path& root);

/// "none", "KASAN, lockdep", "unavailable: …".
std::string to_text(const KernelDebug& debug);

}  // namespace ub
