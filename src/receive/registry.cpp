#include "uringbench/receive/registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "uringbench/base/check.hpp"

namespace ub::receive {

#define UB_RECEIVE(name) Descriptor name##_receive();
#include "receives.def"
#undef UB_RECEIVE

namespace {

std::optional<std::string> why_not_by_system_call(const Descriptor& path) {
  if (!path.make_syscall) {
    return fmt::format("{} needs a ring: there is no system call for it", path.name);
  }
  return path.syscall_probe ? path.syscall_probe() : std::nullopt;
}

const Descriptor& known(std::string_view name) {
  const Descriptor* path = find(name);
  check(path != nullptr, "the default receive paths are registered");
  return *path;
}

}  // namespace

std::span<const Descriptor> registry() {
#define UB_RECEIVE(name) name##_receive(),
  static const std::array paths = {
#include "receives.def"
  };
#undef UB_RECEIVE
  return paths;
}

const Descriptor* find(std::string_view name) {
  const auto paths = registry();
  const auto found = std::find_if(paths.begin(), paths.end(),
                                  [&](const Descriptor& path) { return path.name == name; });
  return found == paths.end() ? nullptr : &*found;
}

const Descriptor& default_for(EngineKind engine, const uring::Probe& probe) {
  if (engine != EngineKind::uring) return known("recv");
  const Descriptor& multishot = known("multishot");
  return why_unavailable(engine, multishot, probe) ? known("single") : multishot;
}

std::optional<std::string> why_unavailable(EngineKind engine, const Descriptor& path,
                                           const uring::Probe& probe) {
  if (engine != EngineKind::uring) return why_not_by_system_call(path);
  if (!path.make_ring) return fmt::format("{} has no io_uring operation", path.name);
  std::vector<uring::Feature> needs = {uring::Feature::ring};
  needs.insert(needs.end(), path.ring_needs.begin(), path.ring_needs.end());
  return probe.missing(needs);
}

}  // namespace ub::receive
