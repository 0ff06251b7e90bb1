#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "uringbench/model/link.hpp"
#include "uringbench/model/workload.hpp"

namespace ub {

/// How work is driven. `pthread`: one blocking thread per client; `epoll`: one event loop; `uring`:
/// one completion-driven reactor.
enum class EngineKind { pthread, epoll, uring };

/// What a path claims to save. `none` is the null path, which sends nothing.
enum class Family { two_copy, one_copy, zero_copy, none };

enum class Switch { off, on };

/// `block`: sleep until there is something to do; `spin`: never sleep, which saves the wake-up and
/// costs a CPU.
enum class Wait { block, spin };

/// Times between two requests of an open loop. `poisson`: drawn, as of many independent users.
enum class Gaps { fixed, poisson };

/// How the ring runs its work (io_uring_setup(2)). `best`: the first of defer, coop and plain that
/// the kernel grants. `sqpoll`: a kernel thread takes submissions.
enum class RingSetup { best, plain, coop, defer, sqpoll };

/// How many connections the server takes at a time where each request has one. `single`: one, then
/// it looks at what else there is to do; `multi`: all that wait.
enum class Accept { single, multi };

/// When a zero-copy sender learns that the kernel has let go of its buffers. `ring`: as
/// notifications come, while it sends from other buffers; `each`: before the next operation;
/// `lazy`: it looks only when no buffer is left.
enum class Notify { ring, each, lazy };

/// Only for paths whose buffers come back by notification. Others keep the defaults.
struct NotifyFactors {
  Notify when = Notify::ring;
  std::uint32_t buffers = 0;  ///< ring: operations of a connection whose buffers may be away at
                              ///< once; 0: as many as the working set holds, 4096 at most

  friend bool operator==(const NotifyFactors&, const NotifyFactors&) = default;
};

inline constexpr std::uint32_t kMaxNotifyBuffers = 4096;

/// Only for links that make devices. Others keep the defaults.
struct DeviceFactors {
  std::uint32_t mtu_bytes = 0;   ///< 0: the most the device takes
  Switch offloads = Switch::on;  ///< scatter-gather and checksum; without them zero-copy copies
  std::uint64_t delay_ns = 0;    ///< one way, by netem; not every link has one

  friend bool operator==(const DeviceFactors&, const DeviceFactors&) = default;
};

/// Features of the reactor's ring, each a factor of its own. Other engines keep the defaults.
struct RingFactors {
  RingSetup setup = RingSetup::best;
  Switch registered_files = Switch::off;  ///< sockets through the ring's file table
  Switch registered_fd = Switch::on;      ///< the ring's own descriptor (Linux 5.18)
  Switch poll_first = Switch::off;        ///< IORING_RECVSEND_POLL_FIRST on receives (Linux 5.19)
  std::uint32_t napi_busy_poll_us = 0;    ///< IORING_REGISTER_NAPI (Linux 6.9); 0: off
  std::uint32_t min_wait_us = 0;          ///< time to gather completions (Linux 6.12); 0: off
  std::uint32_t cq_entries = 0;           ///< completion queue; 0: by the number of clients

  friend bool operator==(const RingFactors&, const RingFactors&) = default;
};

/// Why a case is in a study. `comparison`: it was asked for. `harness`: the null path of an engine,
/// added to say what measuring itself costs; `noise`: a case of the comparison measured a second
/// time in each block (A/A), for the noise floor; `sentinel`: one brief case measured again and
/// again, for drift; `profile`: a case of the comparison once more, under the sampler, to say where
/// its time goes. Only `comparison` is a row of a comparison.
enum class Purpose { comparison, harness, noise, sentinel, profile };

/// One cell of a study: one value of every factor. Plain data; it travels over the control channel
/// and into samples.jsonl as it is. Two samples are comparable when they differ in nothing but the
/// factor named.
struct Case {
  EngineKind engine = EngineKind::pthread;
  std::string path;  ///< a name of the path registry: "two-copy"
  Family family = Family::none;
  Workload workload = Workload::stream;
  Link link = Link::loopback;
  Transport transport = Transport::tcp;
  std::uint64_t size_bytes = 0;          ///< of one message, 1 B to kMaxMessageBytes
  std::uint64_t request_size_bytes = 0;  ///< 0 where there are no requests
  std::uint32_t depth = 0;               ///< requests in flight a connection; open loop: 0 unbound
  double rate_per_s = 0;                 ///< requests of all clients together; 0: closed loop
  Gaps gaps = Gaps::fixed;               ///< open loop
  std::string receive;                   ///< receive path of the server; empty: it never receives
  std::uint32_t clients = 1;             ///< connections, 1 to kMaxClients
  std::uint32_t batch = 1;               ///< messages an operation, 1 to kMaxBatch
  std::uint32_t fields = 8;              ///< heap fields a message, 1 to kMaxFields
  std::uint64_t working_set_bytes = 0;   ///< distinct message bytes the sender rotates through: a
                                         ///< whole number of operations, so it depends on the size
  std::uint64_t working_set_asked_bytes = 0;  ///< what it was made from; 0: not known (files of
                                              ///< older programs)
  Switch nodelay = Switch::off;               ///< TCP_NODELAY on both ends (tcp(7))
  std::string congestion;                  ///< TCP_CONGESTION, "cubic"; empty: the system's default
  std::uint64_t send_buffer_bytes = 0;     ///< SO_SNDBUF of the server; 0: the kernel tunes it
  std::uint64_t receive_buffer_bytes = 0;  ///< SO_RCVBUF of the client; 0: the kernel tunes it
  std::uint64_t client_lowat_bytes = 0;    ///< SO_RCVLOWAT of the client; 0: off (the default, 1)
  Switch verify = Switch::off;      ///< the client checks every byte and the order of messages
  std::string server_cpus;          ///< CPU list the server is pinned to, "1"
  std::string client_cpus;          ///< CPU list the load generator is pinned to, "0"
  std::uint64_t warmup_ns = 0;      ///< run and thrown away
  std::uint64_t duration_ns = 0;    ///< of the measured window
  Wait wait = Wait::block;          ///< of the server
  Wait client_wait = Wait::block;   ///< of the load generator
  RingFactors ring;                 ///< uring only
  std::uint32_t reactors = 1;       ///< threads of epoll and uring that share the clients
  Accept accept = Accept::multi;    ///< of epoll and uring, where requests have their connections
  Switch huge_pages = Switch::off;  ///< messages in MAP_HUGETLB pages (mmap(2))
  Switch msg_more = Switch::off;    ///< every send with MSG_MORE (send(2)): TCP fills its segments
  DeviceFactors device;             ///< of links that make one
  NotifyFactors notify;             ///< zero-copy only
  Purpose purpose = Purpose::comparison;

  friend bool operator==(const Case&, const Case&) = default;
};

inline constexpr std::uint64_t kMaxMessageBytes = 16ULL << 20;
inline constexpr std::uint32_t kMaxClients = 10'000;
inline constexpr std::uint32_t kMaxBatch = 1024;
inline constexpr std::uint32_t kMaxFields = 64;
inline constexpr std::uint32_t kMaxDepth = 1024;
inline constexpr std::uint32_t kMaxReactors = 256;
inline constexpr double kMaxRate = 1e7;

/// The null path sends nothing, so where the server alone sends nothing arrives, and no figure a
/// byte exists.
inline bool sends_nothing(const Case& the_case) {
  return the_case.family == Family::none && !receives(the_case.workload);
}

/// "uring-send-zc": engine, dash, path.
std::string mode_name(EngineKind engine, std::string_view path);
std::string mode_name(const Case& the_case);

std::string_view to_text(EngineKind engine);
std::string_view to_text(Family family);
std::string_view to_text(Workload workload);
std::string_view to_text(Link link);
std::string_view to_text(Transport transport);
std::string_view to_text(Switch value);
std::string_view to_text(Wait wait);
std::string_view to_text(Gaps gaps);
std::string_view to_text(RingSetup setup);
std::string_view to_text(Accept accept);
std::string_view to_text(Notify when);
std::string_view to_text(Purpose purpose);

/// As `--notify` takes it: "each", "lazy", "ring", "ring:8".
std::string notify_text(const NotifyFactors& notify);

/// The inverse of to_text(); nullopt for a text that names none.
template <typename Enum>
std::optional<Enum> from_text(std::string_view text);

/// Every name of an enumeration, in its order.
template <typename Enum>
std::vector<std::string> names_of();

}  // namespace ub
