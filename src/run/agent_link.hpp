#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "uringbench/base/child_process.hpp"
#include "uringbench/net/channel.hpp"
#include "uringbench/protocol/agent.hpp"

namespace ub::run {

/// The line to the agent of one host: the command that reaches it, and messages both ways. One
/// thread uses it; another may beat().
class AgentLink {
 public:
  /// `name` is what the user called the host. Nothing is started yet.
  AgentLink(std::string name, std::vector<std::string> command);
  /// Readable from now on: stop waiting, by Interrupted.
  void interrupt_by(int fd) { interrupt_fd_ = fd; }

  /// Starts the command and waits for the agent's first words; what was there before is ended.
  /// Throws SetupError that says why there is no agent, or one of another program.
  void connect();
  /// Ends the agent, which ends its role, and the command.
  void disconnect();

  [[nodiscard]] std::optional<net::ChannelEnd> send(const Json& message);
  /// The next message but beats, or `timeout`: does not wait.
  std::variant<Json, net::ChannelEnd> receive();
  /// The answer of type `type`, waiting; what else comes is dropped. Throws SetupError when it is
  /// `failed`, late, or the agent is gone.
  Json ask(const Json& question, const char* type);

  void beat();
  [[nodiscard]] int fd() const { return in_ ? in_->fd() : -1; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::uint64_t silent_until_ns() const { return heard_ns_ + protocol::kSilenceNs; }
  /// Empty while it is there. Else why it is not: how the command ended, and its last words.
  [[nodiscard]] std::string why_lost();

 private:
  void await_magic_line(int fd);
  char next_byte(int fd, std::uint64_t deadline_ns, const std::string& before);
  void await_hello();
  [[nodiscard]] bool is_silent() const;
  [[noreturn]] void refuse(const std::string& why);
  [[nodiscard]] std::string last_words() const;

  std::string name_;
  std::vector<std::string> command_;
  int interrupt_fd_ = -1;
  UniqueFd errors_;  ///< the command's standard error: a file without a name
  std::optional<ChildProcess> process_;
  std::optional<net::Channel> in_;
  std::mutex sending_;
  std::optional<net::Channel> out_;  ///< under `sending_`
  std::uint64_t heard_ns_ = 0;
  std::string lost_;
};

}  // namespace ub::run
