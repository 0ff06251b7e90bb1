#pragma once

#include <string_view>

#include "uringbench/base/check.hpp"
#include "uringbench/engine/engine.hpp"
#include "uringbench/net/message_set.hpp"
#include "uringbench/path/registry.hpp"

namespace ub::micro {

/// As large as the program's default working set.
inline constexpr std::uint64_t kWorkingSetBytes = 1U << 20U;

/// One path, its case and its messages; not movable, as the parts point at each other.
struct Setup {
  Setup(std::string_view path_name, std::uint64_t size_bytes)
      : messages({.size_bytes = size_bytes, .working_set_bytes = kWorkingSetBytes},
                 descriptor(path_name).layout) {
    engine.path = &descriptor(path_name);
    engine.the_case.path = path_name;
    engine.the_case.size_bytes = size_bytes;
    engine.the_case.working_set_bytes = kWorkingSetBytes;
  }
  Setup(const Setup&) = delete;
  Setup& operator=(const Setup&) = delete;
  ~Setup() = default;

  static const path::Descriptor& descriptor(std::string_view name) {
    const path::Descriptor* found = path::find(name);
    check(found != nullptr, "a measured path is in the registry");
    return *found;
  }

  net::MessageSet messages;
  engine::EngineSetup engine;
};

}  // namespace ub::micro
