#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "launcher.hpp"
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

/// One role of one sample: its carrier, and what has arrived from it.
class RoleEnd {
 public:
  RoleEnd(const char* name, std::unique_ptr<RoleCarrier> carrier)
      : name_(name), carrier_(std::move(carrier)) {}

  /// Sends `question` without waiting for the answer. Throws SampleError.
  void ask(const Json& question);
  /// Takes in what has arrived, without waiting, and notes when nothing more can.
  void take_in();
  /// The next message, if one has arrived.
  std::optional<Json> next();
  /// Whether it is gone, or silent for too long, and left no message. Throws the SampleError that
  /// says how.
  void throw_if_gone();
  [[noreturn]] void throw_gone(const std::string& otherwise);
  [[noreturn]] void throw_over(const net::ChannelEnd& end);
  /// Throws the SampleError of a role that stands still for so long that it counts as lost.
  void throw_if_stopped();
  /// It said something that no question was about: what went wrong, as a rule.
  [[noreturn]] void throw_unasked();
  /// How the process ended, when it has or does so soon.
  std::optional<std::string> death();

  [[nodiscard]] const char* name() const { return name_; }
  [[nodiscard]] int id() const { return carrier_->id(); }
  [[nodiscard]] int fd() const { return over_ ? -1 : carrier_->fd(); }
  [[nodiscard]] std::uint64_t silent_until_ns() const { return carrier_->silent_until_ns(); }
  [[nodiscard]] bool has_message() const { return !arrived_.empty(); }

 private:
  const char* name_;
  std::unique_ptr<RoleCarrier> carrier_;
  std::deque<Json> arrived_;
  std::optional<net::ChannelEnd> over_;
};

/// The two roles' totals at one edge of the window.
struct Edge {
  Snapshot server;
  Snapshot client;
};

/// Whether both roles share the CPUs of one machine.
enum class Machines { one, two };

/// What is left to say when both roles have finished.
struct Outcome {
  Edge total;
  Facts granted;
  Facts effective;  ///< keys prefixed "server_" and "client_"
  std::optional<RequestFigures> requests = std::nullopt;
  std::optional<SendTiming> send_timing = std::nullopt;
  protocol::MaybeProfile server_profile = {};
  protocol::MaybeProfile client_profile = {};
  Machines machines = Machines::one;
  Windows windows = Windows::as_asked;
  /// Between hosts: the most by which the edges of the window can lie apart at the two.
  std::optional<std::uint64_t> edges_apart_ns = std::nullopt;
};

/// One sample's two roles, from their start to their end. Whatever is waited for, both are watched:
/// that one of them is gone is noticed at once.
class Session {
 public:
  /// The launchers are asked once, in the order of the roles. Throws SetupError.
  Session(const RunnerOptions& options, Launcher& server, Launcher& client);

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
  Json answer(RoleEnd& role, const char* type, std::uint64_t deadline_ns);
  void throw_if_server_failed();
  /// Until something has arrived, or the time has come. Throws Interrupted.
  void watch(std::uint64_t deadline_ns);

  const RunnerOptions& options_;
  std::uint64_t edges_apart_ns_ = 0;  ///< the longer time that an edge took
  /// No connection tells the client of a sink that it was the last; and where each request has a
  /// connection, none tells the server.
  enum class EndsFirst { both, server, client };
  EndsFirst ends_first_ = EndsFirst::both;
  RoleEnd server_;
  RoleEnd client_;
};

}  // namespace ub::run
