#include "uringbench/model/speed_trust.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "uringbench/base/machine_kind.hpp"

namespace ub {
namespace {

constexpr std::string_view kUnknown = "unavailable:";
constexpr std::string_view kNone = "none";

/// Empty where the fact is not known.
std::string known(const Facts& facts, const std::string& name) {
  const auto found = facts.find(name);
  if (found == facts.end() || found->second.starts_with(kUnknown)) return "";
  return found->second;
}

/// Studies of before `hypervisor` was recorded have the name of the CPU.
std::string emulator_of(const Facts& facts) {
  std::string said = known(facts, "hypervisor");
  if (said.starts_with(kEmulation)) return said;
  const Hypervisor by_model = hypervisor_of(std::nullopt, known(facts, "cpu_model"));
  return by_model.kind == MachineKind::emulated ? to_text(by_model) : "";
}

/// Clocks that only move with a timer tick: a window of them has no known length.
bool is_tick_clock(const std::string& clock) {
  return clock == "jiffies" || clock == "refined-jiffies" || clock == "pit";
}

void add_reasons(std::vector<std::string>& reasons, const std::string& host, const Facts& facts) {
  const auto add = [&](std::string reason) {
    reason = host + reason;
    if (std::find(reasons.begin(), reasons.end(), reason) == reasons.end()) {
      reasons.push_back(std::move(reason));
    }
  };
  if (const std::string emulator = emulator_of(facts); !emulator.empty()) {
    add(fmt::format("the CPU is not real: {}", emulator));
  }
  if (const std::string checks = known(facts, "kernel_debug"); !checks.empty() && checks != kNone) {
    add(fmt::format("the kernel checks itself: {}", checks));
  }
  const std::string hypervisor = known(facts, "hypervisor");
  const std::string clock = known(facts, "clock_source");
  if (!hypervisor.empty() && hypervisor != kNone && is_tick_clock(clock)) {
    add(fmt::format("the clock of this guest cannot be trusted: {}", clock));
  }
}

}  // namespace

std::vector<std::string> why_facts_only(const Environment& environment) {
  std::vector<std::string> reasons;
  if (!environment.ends) {
    add_reasons(reasons, "", environment.facts);
    return reasons;
  }
  add_reasons(reasons, "server: ", environment.ends->server);
  for (const Facts& load : environment.ends->load) {
    add_reasons(reasons, "load generator: ", load);
  }
  return reasons;
}

}  // namespace ub
