// Which modes a name stands for.
#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <array>

#include "uringbench/base/closest.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/plan/builder.hpp"

namespace ub::plan {
namespace {

struct ShortName {
  std::string_view name;
  std::vector<std::string_view> modes;
};

/// A name for one mode is that mode; a group holds what it can of several.
const std::vector<ShortName>& short_names() {
  static const std::vector<ShortName> names = {
      {"pthread", {"pthread-two-copy"}},
      {"epoll", {"epoll-two-copy"}},
      {"uring", {"uring-two-copy"}},
      {"two-copy", {"uring-two-copy"}},
      {"one-copy", {"uring-fixed"}},
      {"zero-copy", {"uring-send-zc-fixed"}},
      {"classic", {"pthread-two-copy", "pthread-gather", "pthread-msg-zerocopy"}},
      {"sides", {"pthread-two-copy", "uring-two-copy", "uring-send-zc-fixed"}},
      {"batching", {"pthread-two-copy", "uring-two-copy", "uring-bundle"}},
      // Each family on the engine that is known for it: what `uringbench` alone compares.
      {"default",
       {"pthread-two-copy", "pthread-gather", "pthread-msg-zerocopy", "epoll-two-copy",
        "uring-two-copy", "uring-fixed", "uring-bundle", "uring-send-zc-fixed"}},
  };
  return names;
}

const ShortName* find_short_name(std::string_view name) {
  const auto& names = short_names();
  const auto found = std::find_if(names.begin(), names.end(),
                                  [&](const ShortName& each) { return each.name == name; });
  return found == names.end() ? nullptr : &*found;
}

constexpr std::array kEngineKinds = {EngineKind::pthread, EngineKind::epoll, EngineKind::uring};

[[noreturn]] void refuse_unknown(const std::string& name) {
  throw UsageError(fmt::format(
      "--mode: '{}' is not a mode; accepted are the modes of `uringbench list`, globs such as "
      "'uring-*', and {}{}",
      name, list_text(short_mode_names(), "and"), did_you_mean(name, accepted_mode_names())));
}

Mode find_mode(const std::string& name, const uring::Probe& probe) {
  for (const EngineKind engine : kEngineKinds) {
    for (const path::Descriptor& path : path::registry()) {
      if (mode_name(engine, path.name) != name) continue;
      return {engine, &path, path::why_unavailable(engine, path, probe).value_or("")};
    }
  }
  refuse_unknown(name);
}

/// A mode asked for by itself must be there: nothing is put in its place.
Mode named_mode(const std::string& name, const uring::Probe& probe) {
  Mode mode = find_mode(name, probe);
  if (mode.unavailable.empty()) return mode;
  throw UsageError(
      fmt::format("--mode: '{}' cannot be had here: {}; `uringbench list` shows what can", name,
                  mode.unavailable));
}

std::vector<Mode> modes_of(const ShortName& short_name, const uring::Probe& probe) {
  if (short_name.modes.size() == 1) {
    return {named_mode(std::string(short_name.modes.front()), probe)};
  }
  std::vector<Mode> modes;
  for (const std::string_view mode : short_name.modes) {
    modes.push_back(find_mode(std::string(mode), probe));
  }
  return modes;
}

std::vector<Mode> matching_modes(const std::string& glob, const uring::Probe& probe) {
  std::vector<Mode> modes = all_modes(probe);
  std::erase_if(modes, [&](const Mode& mode) {
    return glob != "all" && ::fnmatch(glob.c_str(), mode.name().c_str(), 0) != 0;
  });
  if (modes.empty()) refuse_unknown(glob);
  return modes;
}

std::vector<Mode> expand_name(const std::string& name, const uring::Probe& probe) {
  if (const ShortName* short_name = find_short_name(name)) return modes_of(*short_name, probe);
  if (name == "all" || name.find_first_of("*?[") != std::string::npos) {
    return matching_modes(name, probe);
  }
  return {named_mode(name, probe)};
}

}  // namespace

std::string why_impossible(EngineKind engine, const path::Descriptor& path) {
  if (engine == EngineKind::uring) return path.make_ring ? "" : "it has no io_uring operation";
  return path.make_syscall ? "" : "it needs a ring: there is no system call for it";
}

std::vector<std::string> short_mode_names() {
  std::vector<std::string> names{"all"};
  for (const ShortName& each : short_names()) names.emplace_back(each.name);
  return names;
}

std::vector<std::string> accepted_mode_names() {
  std::vector<std::string> names = short_mode_names();
  for (const EngineKind engine : kEngineKinds) {
    for (const path::Descriptor& path : path::registry()) {
      if (why_impossible(engine, path).empty()) names.push_back(mode_name(engine, path.name));
    }
  }
  return names;
}

std::string full_mode_name(const std::string& name) {
  const ShortName* short_name = find_short_name(name);
  const bool one = short_name != nullptr && short_name->modes.size() == 1;
  return one ? std::string(short_name->modes.front()) : name;
}

std::vector<Mode> all_modes(const uring::Probe& probe) {
  std::vector<Mode> modes;
  for (const EngineKind engine : kEngineKinds) {
    for (const path::Descriptor& path : path::registry()) {
      if (!why_impossible(engine, path).empty()) continue;
      modes.push_back({engine, &path, path::why_unavailable(engine, path, probe).value_or("")});
    }
  }
  return modes;
}

std::vector<Mode> expand_modes(const std::vector<std::string>& names, const uring::Probe& probe) {
  std::vector<Mode> modes;
  for (const std::string& name : names) {
    for (Mode& mode : expand_name(name, probe)) {
      const auto same = [&](const Mode& other) { return other.name() == mode.name(); };
      if (std::none_of(modes.begin(), modes.end(), same)) modes.push_back(std::move(mode));
    }
  }
  if (modes.empty()) refuse_unknown("");
  return modes;
}

}  // namespace ub::plan
