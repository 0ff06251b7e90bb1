#pragma once

#include <stdexcept>
#include <string>

#include "child_process.hpp"
#include "uringbench/net/channel.hpp"
#include "uringbench/protocol/protocol.hpp"
#include "uringbench/run/runner.hpp"

namespace ub::run {

/// Why a sample has no numbers.
class SampleError : public std::runtime_error {
 public:
  SampleError(Status status, const std::string& reason)
      : std::runtime_error(reason), status_(status) {}
  [[nodiscard]] Status status() const { return status_; }

 private:
  Status status_;
};

/// The user wants to stop: the sample under way does not count.
struct Interrupted {};

/// One role's process and the channel to it.
class RoleProcess {
 public:
  RoleProcess(const std::string& program, const char* name, int interrupt_fd);

  /// Sends `question` without waiting for the answer.
  void ask(const Json& question);
  /// The answer of type `type`. Throws SampleError when it is another, late, or the process is
  /// gone; throws Interrupted.
  Json answer(const char* type, std::uint64_t deadline_ns);

  [[nodiscard]] int id() const { return process_.id(); }
  [[nodiscard]] int channel_fd() const { return channel_.fd(); }
  /// Throws the SampleError that says how the process ended.
  [[noreturn]] void throw_gone(const std::string& otherwise);
  /// How the process ended, when it has or does so soon.
  std::optional<std::string> death();

 private:
  RoleProcess(const std::string& program, const char* name, int interrupt_fd,
              std::pair<UniqueFd, UniqueFd> ends);

  const char* name_;
  int interrupt_fd_;
  net::Channel channel_;
  ChildProcess process_;
};

/// The two roles' totals at one edge of the window.
struct Edge {
  Snapshot server;
  Snapshot client;
};

/// What is left to say when both roles have finished.
struct Outcome {
  Edge total;
  Facts granted;
  Facts effective;  ///< keys prefixed "server_" and "client_"
  std::optional<RequestFigures> requests = std::nullopt;
  std::optional<SendTiming> send_timing = std::nullopt;
  protocol::MaybeProfile server_profile = {};
  protocol::MaybeProfile client_profile = {};
};

/// One sample's two processes, from their start to their end.
class Session {
 public:
  explicit Session(const RunnerOptions& options);

  void prepare(const Case& the_case, const protocol::Metering& metering);
  void go();
  /// Sleeps, but not through an interruption or the death of a role.
  void wait(std::uint64_t duration_ns);
  /// Asks both before it reads either answer, so that the edges are alike.
  Edge snapshot(protocol::WindowEdge edge_of_window);
  Outcome finish();
  /// Throws the SampleError that says how the first of the two processes that died did so.
  void throw_if_a_role_died();

 private:
  const RunnerOptions& options_;
  bool server_first_ = false;  ///< no connection tells the client of a sink that it was the last
  RoleProcess server_;
  RoleProcess client_;
};

}  // namespace ub::run
