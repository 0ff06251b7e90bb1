#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ub {

/// How work is driven. `pthread`: one blocking thread per client; `epoll`: one event loop; `uring`:
/// one completion-driven reactor.
enum class EngineKind { pthread, epoll, uring };

/// What a path claims to save. `none` is the null path, which sends nothing.
enum class Family { two_copy, one_copy, zero_copy, none };

/// `stream`: the server sends messages back to back.
enum class Workload { stream };

/// What lies between the two roles.
enum class Link { loopback };

enum class Transport { tcp };

enum class Switch { off, on };

/// Why a case is in a study. `comparison`: it was asked for. `harness`: the null path of an engine,
/// added to say what measuring itself costs; never a row of a comparison.
enum class Purpose { comparison, harness };

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
  std::uint64_t size_bytes = 0;            ///< of one message, 1 B to kMaxMessageBytes
  std::uint32_t clients = 1;               ///< connections, 1 to kMaxClients
  std::uint32_t batch = 1;                 ///< messages an operation, 1 to kMaxBatch
  std::uint32_t fields = 8;                ///< heap fields a message, 1 to kMaxFields
  std::uint64_t working_set_bytes = 0;     ///< distinct message bytes the sender rotates through
  Switch nodelay = Switch::off;            ///< TCP_NODELAY on both ends (tcp(7))
  std::string congestion;                  ///< TCP_CONGESTION, "cubic"; empty: the system's default
  std::uint64_t send_buffer_bytes = 0;     ///< SO_SNDBUF of the server; 0: the kernel tunes it
  std::uint64_t receive_buffer_bytes = 0;  ///< SO_RCVBUF of the client; 0: the kernel tunes it
  std::uint64_t client_lowat_bytes = 0;    ///< SO_RCVLOWAT of the client; 0: off (the default, 1)
  Switch verify = Switch::off;    ///< the client checks every byte and the order of messages
  std::string server_cpus;        ///< CPU list the server is pinned to, "1"
  std::string client_cpus;        ///< CPU list the load generator is pinned to, "0"
  std::uint64_t warmup_ns = 0;    ///< run and thrown away
  std::uint64_t duration_ns = 0;  ///< of the measured window
  Purpose purpose = Purpose::comparison;

  friend bool operator==(const Case&, const Case&) = default;
};

inline constexpr std::uint64_t kMaxMessageBytes = 16ULL << 20;
inline constexpr std::uint32_t kMaxClients = 10'000;
inline constexpr std::uint32_t kMaxBatch = 1024;
inline constexpr std::uint32_t kMaxFields = 64;

/// "uring-send-zc": engine, dash, path.
std::string mode_name(EngineKind engine, std::string_view path);
std::string mode_name(const Case& the_case);

std::string_view to_text(EngineKind engine);
std::string_view to_text(Family family);
std::string_view to_text(Workload workload);
std::string_view to_text(Link link);
std::string_view to_text(Transport transport);
std::string_view to_text(Switch value);
std::string_view to_text(Purpose purpose);

/// The inverse of to_text(); nullopt for a text that names none.
template <typename Enum>
std::optional<Enum> from_text(std::string_view text);

}  // namespace ub
