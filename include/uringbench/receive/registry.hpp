#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "uringbench/model/case.hpp"
#include "uringbench/receive/receive_path.hpp"
#include "uringbench/uring/probe.hpp"

namespace ub::receive {

/// What becomes of the bytes.
enum class Delivery {
  copied,     ///< the kernel copies them to us
  mapped,     ///< whole pages are mapped where possible, the rest is copied
  discarded,  ///< dropped in the kernel: only the sender's side is measured, and a sample must say
              ///< so
};

/// A receive path as data: everything an engine, a table or a test may know of it.
struct Descriptor {
  std::string_view name;     ///< as in `--recv`
  std::string_view summary;  ///< one line
  Delivery delivery = Delivery::copied;
  std::vector<uring::Feature> ring_needs;
  std::function<std::optional<std::string>()>
      syscall_probe;  ///< why not on this kernel; may be empty
  std::function<std::unique_ptr<SyscallReceive>(const SyscallContext&)>
      make_syscall;                                                              ///< may be empty
  std::function<std::unique_ptr<RingShared>(const SharedContext&)> make_shared;  ///< may be empty
  std::function<std::unique_ptr<RingReceive>(const RingContext&)> make_ring;     ///< may be empty
};

/// Every receive path, in the order of the tables.
std::span<const Descriptor> registry();

/// Null when none has that name.
const Descriptor* find(std::string_view name);

/// The receive path an engine uses where none is asked for: "recv" by system calls, "multishot" on
/// a ring whose kernel has it, "single" otherwise.
const Descriptor& default_for(EngineKind engine, const uring::Probe& probe);

/// Why `engine` cannot receive by `path` here; nullopt when it can.
std::optional<std::string> why_unavailable(EngineKind engine, const Descriptor& path,
                                           const uring::Probe& probe);

}  // namespace ub::receive
