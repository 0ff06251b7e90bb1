#pragma once

#include <cstdint>
#include <optional>

#include "pause_watch.hpp"
#include "role_meters.hpp"
#include "role_profiler.hpp"
#include "uringbench/net/channel.hpp"
#include "uringbench/protocol/protocol.hpp"

namespace ub::role {

/// What a server and a load generator have in common towards the runner. The answers' contents;
/// framing and order are RoleHost's.
class Role {
 public:
  Role() = default;
  Role(const Role&) = delete;
  Role& operator=(const Role&) = delete;
  virtual ~Role() = default;

  /// Sets everything up; returns the endpoint in use. Throws SetupError: this machine cannot have
  /// it.
  virtual net::Endpoint prepare(const protocol::Prepare& prepare) = 0;
  /// The CPUs that `prepare()` pins the load to.
  [[nodiscard]] virtual std::string cpus_of(const Case& the_case) const = 0;
  virtual void go() = 0;
  /// The measured window begins or ends now.
  virtual void mark(protocol::WindowEdge edge) = 0;
  /// Fills in what this role counts itself.
  virtual void fill(Snapshot& snapshot) const = 0;
  /// Ends the load; nothing is in flight afterwards, or fill() names the failure.
  virtual void finish(std::uint64_t deadline_ns) = 0;
  /// After finish(): what is left to say.
  virtual void conclude(protocol::Finished& finished) const = 0;
};

/// What a role has been told so far. Each question is allowed in one of these; any other is
/// refused, as a role does not trust the order of what it is told.
enum class Stage {
  fresh,
  prepared,
  running,
  in_window,
  after_window,
  finished,
  failed,  ///< what was asked for could not be done: nothing that comes after it can
};

/// Answers the runner's questions until the channel closes.
class RoleHost {
 public:
  RoleHost(Role& role, net::Channel& channel) : role_(role), channel_(channel) {}

  /// 0 when the runner has closed the channel, 1 when it did not keep to the protocol.
  int serve();

 private:
  int leave(const std::string& why);
  Json answer(const Json& question);
  Json prepare(const Json& question);
  [[nodiscard]] Snapshot snapshot() const;
  Snapshot take_edge(protocol::WindowEdge edge);
  protocol::Finished finish(std::uint64_t deadline_ns);
  [[nodiscard]] std::uint64_t next_wake_ns() const;
  void wake();

  Role& role_;
  net::Channel& channel_;
  std::optional<RoleProfiler> profiler_;
  perf::TimeWindow window_;
  std::uint64_t next_drain_ns_ = 0;
  PauseWatch pauses_;
  Stage stage_ = Stage::fresh;
  std::optional<RoleMeters> meters_;  ///< from prepare on: they must see every thread start
};

}  // namespace ub::role
