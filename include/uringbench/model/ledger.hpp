#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "uringbench/model/category.hpp"

namespace ub {

/// A share of samples, or what follows from one, with the 95 % interval of its sampling error:
/// Wilson's, which is right for small counts as well. It takes the samples for independent, and
/// knows nothing of the difference between one run and the next.
struct Estimate {
  double value = 0;
  double low = 0;
  double high = 0;

  friend bool operator==(const Estimate&, const Estimate&) = default;
};

/// One category's cost.
struct LedgerLine {
  Category category = Category::unclassified;
  std::uint64_t samples = 0;
  Estimate share;                          ///< of the CPU time, 0 to 1
  double interrupt_share = 0;              ///< of this line, 0 to 1
  std::optional<Estimate> ns_per_message;  ///< none without a message
  std::optional<Estimate> ns_per_byte;     ///< none without a byte

  friend bool operator==(const LedgerLine&, const LedgerLine&) = default;
};

/// Where the CPU time went. One line for every category, in their order, those without a sample
/// included: their upper bound says what may have been missed. Empty when there was no sample at
/// all.
struct Ledger {
  std::vector<LedgerLine> lines;
  std::uint64_t samples = 0;

  friend bool operator==(const Ledger&, const Ledger&) = default;
};

/// What is sampled. `role`: every thread of the role's process, wherever it runs. `cpus`: all that
/// runs on the CPUs the role is pinned to, the idle task included.
enum class ProfileScope { off, role, cpus };

std::string_view to_text(ProfileScope scope);

/// A role's ledger and how it came about.
struct RoleProfile {
  ProfileScope scope = ProfileScope::role;
  std::string event;               ///< "cycles", or "cpu-clock" on a machine without a PMU
  std::string event_note;          ///< why it is not cycles; empty when it is
  std::string events_on;           ///< "cpus", or "threads", which costs more; "": not kept then
  std::uint32_t frequency_hz = 0;  ///< samples a second and CPU
  std::uint64_t lost = 0;          ///< samples that were taken and could not be kept
  std::uint64_t throttled = 0;     ///< times the kernel stopped sampling, to protect itself
  Ledger ledger;

  friend bool operator==(const RoleProfile&, const RoleProfile&) = default;
};

}  // namespace ub
