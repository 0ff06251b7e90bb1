#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "uringbench/base/affinity.hpp"

/// What on this machine would spoil a measurement. Reads /proc and /sys below a root that is given,
/// so that tests can bring a machine of their own; changes nothing.
namespace ub::doctor {

/// `ok`: as it should be. `unknown`: cannot be found out here; `found` says why. `note`: know it
/// when you read the figures. `warning`: figures may be off, or more noisy. `severe`: figures would
/// be wrong, or modes are missing.
enum class Severity { ok, unknown, note, warning, severe };

std::string_view to_text(Severity severity);

struct Finding {
  std::string name;  ///< of the check: "governor"
  Severity severity = Severity::unknown;
  std::string found;  ///< as it is now
  std::string why;    ///< why it matters for this tool
  std::string mend;   ///< a command; empty when all is well or nothing helps

  friend bool operator==(const Finding&, const Finding&) = default;
};

/// What a trial of a feature gave: nullopt when it was not tried, an empty text when the kernel
/// granted it, else the refusal. Files of /proc say what is configured; seccomp filters, limits and
/// containers refuse without a file that says so.
using Trial = std::optional<std::string>;

struct Machine {
  std::filesystem::path root = "/";
  CpuList server_cpus;  ///< that the two roles would be pinned to
  CpuList client_cpus;
  std::uint64_t memlock_bytes = 0;  ///< RLIMIT_MEMLOCK of this process
  /// hypervisor_signature() of base/machine_kind.hpp
  std::optional<std::string> hypervisor = std::nullopt;
  Trial ring = {};        ///< a ring made as the run makes it
  Trial perf_event = {};  ///< a counter of this thread, kernel included
  /// Lets some time pass between two readings of /proc/stat.
  std::function<void()> pause;
};

/// Every check once, in a fixed order.
std::vector<Finding> examine(const Machine& machine);

/// The finding about a noise floor of `of_median` (relative) over `blocks` A/A blocks.
struct NoiseFigure {
  double one_block = 0;
  double of_median = 0;
  std::size_t blocks = 0;
};
Finding judge_noise(const NoiseFigure& noise);

}  // namespace ub::doctor
