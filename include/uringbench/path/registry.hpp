#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "uringbench/model/case.hpp"
#include "uringbench/net/message_set.hpp"
#include "uringbench/path/send_path.hpp"
#include "uringbench/uring/probe.hpp"

namespace ub::path {

/// When the memory of a payload may be written again.
enum class Reuse {
  on_acceptance,    ///< the kernel has copied it
  on_notification,  ///< a Release says so
  never,            ///< the kernel keeps references and never says when it drops them
};

/// How many messages one operation may carry.
enum class BatchLimit {
  none,
  iovecs,  ///< IOV_MAX iovecs, one a field (sendmsg(2))
};

/// A path as data: everything an engine, a table or a test may know of it.
struct Descriptor {
  std::string_view name;  ///< as in `--mode`, after the engine
  Family family = Family::none;
  std::string_view summary;  ///< one line
  std::string_view copies;   ///< server-side CPU copies of the payload
  net::Layout layout = net::Layout::contiguous;
  Reuse reuse = Reuse::on_acceptance;
  BatchLimit batch_limit = BatchLimit::none;
  std::uint32_t default_batch = 1;  ///< messages an operation where `--batch` is not given, while
                                    ///< they fit kDefaultOperationBytes
  std::uint32_t descriptors = 0;    ///< file descriptors a connection, beside its socket
  bool send_flags = false;          ///< it sends with the context's `send_flags`: write(2) and
                                    ///< sendfile(2) know none
  bool registered_memory = false;   ///< the engine registers the message set as buffer 0
  std::vector<uring::Feature> ring_needs;
  std::function<std::unique_ptr<SyscallPath>(const SyscallContext&)>
      make_syscall;                                                        ///< may be empty
  std::function<std::unique_ptr<RingPath>(const RingContext&)> make_ring;  ///< may be empty
};

/// A default batch is cut to this many bytes an operation: a quarter of the default working set.
inline constexpr std::uint64_t kDefaultOperationBytes = 256U << 10U;

/// Every path, in the order of the table in docs/architecture.md.
std::span<const Descriptor> registry();

/// Null when no path has that name.
const Descriptor* find(std::string_view name);

/// Why `engine` cannot drive `path` here; nullopt when it can.
std::optional<std::string> why_unavailable(EngineKind engine, const Descriptor& path,
                                           const uring::Probe& probe);

/// Why nobody knows whether it can: a feature that it needs could not be tried, and none is known
/// to be missing. A run of it tells.
std::optional<std::string> why_unknown(EngineKind engine, const Descriptor& path,
                                       const uring::Probe& probe);

}  // namespace ub::path
