#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "uringbench/net/channel.hpp"

/// How the session reaches its roles. It knows questions and answers; where a role's process is,
/// and what carries its messages, a launcher knows.
namespace ub::run {

enum class RoleName { server, client };

constexpr const char* to_text(RoleName name) {
  return name == RoleName::server ? "server" : "client";
}

/// One role of one sample. Its process ends when this goes.
class RoleCarrier {
 public:
  static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

  RoleCarrier() = default;
  RoleCarrier(const RoleCarrier&) = delete;
  RoleCarrier& operator=(const RoleCarrier&) = delete;
  virtual ~RoleCarrier() = default;

  [[nodiscard]] virtual std::optional<net::ChannelEnd> send(const Json& message) = 0;
  /// The next message that is there, or `timeout`: does not wait.
  virtual std::variant<Json, net::ChannelEnd> receive() = 0;
  /// Readable when receive() may have something.
  [[nodiscard]] virtual int fd() const = 0;
  /// When a carrier that stays silent counts as lost.
  [[nodiscard]] virtual std::uint64_t silent_until_ns() const { return kNever; }
  /// How the role has ended, or will by `deadline_ns`; nullopt while it runs, as far as is known.
  virtual std::optional<std::string> ended(std::uint64_t deadline_ns) = 0;
  /// Since when its process has been stopped, as far as this was asked; nullopt while it runs.
  virtual std::optional<std::uint64_t> stopped_since_ns() { return std::nullopt; }
  /// The id of its process, on its own host.
  [[nodiscard]] virtual int id() const = 0;
};

/// Starts roles on one host, a new process each.
class Launcher {
 public:
  Launcher() = default;
  Launcher(const Launcher&) = delete;
  Launcher& operator=(const Launcher&) = delete;
  virtual ~Launcher() = default;

  /// Throws SetupError.
  virtual std::unique_ptr<RoleCarrier> start(RoleName name) = 0;
};

/// Roles as children of this process: `program` must understand `role` (see role.hpp).
std::unique_ptr<Launcher> make_local_launcher(std::string program);

}  // namespace ub::run
