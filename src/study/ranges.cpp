// What is refused before a plan is made.
#include "ranges.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "uringbench/base/error.hpp"
#include "uringbench/base/unique_fd.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/net/socket_options.hpp"

namespace ub::study {
namespace {

constexpr std::uint64_t kShortestWindowNs = 10'000'000;
constexpr std::uint64_t kLongestWindowNs = 3'600ULL * 1'000'000'000;
constexpr std::uint64_t kMostWorkingSetBytes = 64ULL << 30U;

void require(bool holds, std::string_view option, const std::string& value,
             const std::string& accepted) {
  if (holds) return;
  throw UsageError(
      fmt::format("{}: '{}' is out of range; {} are accepted", option, value, accepted));
}

/// "1ms": as it is typed, not as it is printed.
std::string typed(std::uint64_t duration_ns) {
  std::string text = format_duration(static_cast<double>(duration_ns));
  std::erase(text, ' ');
  return text;
}

template <typename Value>
void require_distinct(const std::vector<Value>& values, std::string_view option) {
  std::set<Value> seen;
  for (const Value& value : values) {
    if (seen.insert(value).second) continue;
    throw UsageError(fmt::format("{}: '{}' is named twice; name each value once", option, value));
  }
}

void check_sizes(const StudyOptions& options) {
  if (options.sizes_bytes.empty()) {
    throw UsageError("--size: needs at least one size, such as 64 or 4K");
  }
  require_distinct(options.sizes_bytes, "--size");
  for (const std::uint64_t size : options.sizes_bytes) {
    require(size >= 1 && size <= kMaxMessageBytes, "--size", format_size(size),
            fmt::format("1 to {}", format_size(kMaxMessageBytes)));
  }
}

void check_clients(const StudyOptions& options) {
  if (options.clients.empty()) {
    throw UsageError("--clients: needs at least one number of clients, such as 1 or 8");
  }
  require_distinct(options.clients, "--clients");
  for (const std::uint32_t clients : options.clients) {
    require(clients >= 1 && clients <= kMaxClients, "--clients", fmt::to_string(clients),
            fmt::format("1 to {}", kMaxClients));
  }
}

/// Tries `asked` alone, so that the sentence can name its option.
void check_socket(std::string_view option, const net::SocketOptions& asked) {
  const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) throw_setup_error("creating a TCP socket", errno);
  try {
    net::apply_options(fd.get(), asked);
  } catch (const SetupError& error) {
    throw UsageError(fmt::format("{}: {}", option, error.what()));
  }
}

}  // namespace

void check_ranges(const StudyOptions& options) {
  check_sizes(options);
  check_clients(options);
  require(options.reps >= 1 && options.reps <= kMostReps, "--reps", fmt::to_string(options.reps),
          fmt::format("1 to {}", kMostReps));
  require(options.fields >= 1 && options.fields <= kMaxFields, "--fields",
          fmt::to_string(options.fields), fmt::format("1 to {}", kMaxFields));
  require(options.duration_ns >= kShortestWindowNs && options.duration_ns <= kLongestWindowNs,
          "--duration", typed(options.duration_ns), "10ms to 3600s");
  require(options.warmup_ns <= kLongestWindowNs, "--warmup", typed(options.warmup_ns),
          "0s to 3600s");
  require(options.working_set_bytes >= 1 && options.working_set_bytes <= kMostWorkingSetBytes,
          "--working-set", format_size(options.working_set_bytes),
          fmt::format("1 to {}", format_size(kMostWorkingSetBytes)));
  if (options.batch) {
    require(*options.batch >= 1 && *options.batch <= kMaxBatch, "--batch",
            fmt::to_string(*options.batch), fmt::format("1 to {}", kMaxBatch));
  }
}

void check_sockets(const StudyOptions& options) {
  net::SocketOptions congestion;
  congestion.congestion = options.congestion.value_or("");
  check_socket("--congestion", congestion);
  net::SocketOptions send_buffer;
  send_buffer.send_buffer_bytes = options.send_buffer_bytes;
  check_socket("--send-buffer", send_buffer);
  net::SocketOptions receive_buffer;
  receive_buffer.receive_buffer_bytes = options.receive_buffer_bytes;
  check_socket("--receive-buffer", receive_buffer);
  // What a client may wait for depends on its receive buffer, which must be set first.
  receive_buffer.receive_lowat_bytes = options.client_lowat_bytes;
  check_socket("--client-lowat", receive_buffer);
}

}  // namespace ub::study
