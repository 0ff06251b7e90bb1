#include "uringbench/path/registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace ub::path {

#define UB_PATH(name) Descriptor name##_path();
#include "paths.def"
#undef UB_PATH

Reaped SyscallPath::reap(Releases& /*releases*/) {
  return {};
}

void RingPath::watch(Submission& /*submission*/) {}

std::span<const Descriptor> registry() {
#define UB_PATH(name) name##_path(),
  static const std::array paths = {
#include "paths.def"
  };
#undef UB_PATH
  return paths;
}

const Descriptor* find(std::string_view name) {
  const auto paths = registry();
  const auto found = std::find_if(paths.begin(), paths.end(),
                                  [&](const Descriptor& path) { return path.name == name; });
  return found == paths.end() ? nullptr : &*found;
}

namespace {

std::vector<uring::Feature> needs_of(const Descriptor& path) {
  std::vector<uring::Feature> needs = {uring::Feature::ring, uring::Feature::accept_multishot};
  needs.insert(needs.end(), path.ring_needs.begin(), path.ring_needs.end());
  return needs;
}

}  // namespace

std::optional<std::string> why_unavailable(EngineKind engine, const Descriptor& path,
                                           const uring::Probe& probe) {
  if (engine != EngineKind::uring) {
    if (path.make_syscall) return std::nullopt;
    return fmt::format("{} needs a ring: there is no system call for it", path.name);
  }
  if (!path.make_ring) return fmt::format("{} has no io_uring operation", path.name);
  return probe.missing(needs_of(path));
}

std::optional<std::string> why_unknown(EngineKind engine, const Descriptor& path,
                                       const uring::Probe& probe) {
  if (engine != EngineKind::uring || why_unavailable(engine, path, probe)) return std::nullopt;
  return probe.untried(needs_of(path));
}

}  // namespace ub::path
