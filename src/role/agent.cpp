#include "uringbench/role/agent.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <optional>

#include "card.hpp"
#include "uringbench/base/affinity.hpp"
#include "uringbench/base/child_process.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/net/channel.hpp"
#include "uringbench/net/poll.hpp"
#include "uringbench/net/socket_options.hpp"
#include "uringbench/protocol/agent.hpp"
#include "uringbench/protocol/protocol.hpp"
#include "uringbench/role/environment.hpp"
#include "uringbench/uring/probe.hpp"

namespace ub::role {
namespace {

constexpr int kChannelFd = 3;
constexpr int kLifelineFd = 4;

std::string boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}

std::string host_name() {
  utsname system{};
  ::uname(&system);
  return system.nodename;
}

protocol::Description describe_host() {
  const uring::Probe probe = uring::Probe::run();
  protocol::Description description;
  description.facts = describe_environment(probe, 0).facts;
  description.facts["host_name"] = host_name();
  for (const uring::Finding& finding : probe.findings()) {
    description.probe.push_back({std::string(finding.name), std::string(to_text(finding.support)),
                                 std::string(finding.how), finding.detail});
  }
  description.cpus_allowed = format_cpu_list(allowed_cpus());
  description.congestion = net::default_congestion();
  description.addresses = global_addresses();
  const char* ssh = std::getenv("SSH_CONNECTION");
  description.ssh_connection = ssh == nullptr ? "" : ssh;
  description.boot_id = boot_id();
  return description;
}

/// A role that this process has started. Ends with it.
class AgentsRole {
 public:
  AgentsRole(std::uint64_t number, const std::string& name)
      : AgentsRole(number, name, net::channel_pair(), lifeline()) {}

  [[nodiscard]] std::uint64_t number() const { return number_; }
  net::Channel& channel() { return channel_; }
  ChildProcess& process() { return process_; }
  /// Tells it that this process runs. A full pipe tells it, too.
  void beat() const { (void)!::write(lifeline_.get(), "b", 1); }

 private:
  AgentsRole(std::uint64_t number, const std::string& name, std::pair<UniqueFd, UniqueFd> ends,
             std::pair<UniqueFd, UniqueFd> line)
      : number_(number),
        lifeline_(std::move(line.second)),
        channel_(std::move(ends.first)),
        process_("/proc/self/exe", arguments(name),
                 {{ends.second.get(), kChannelFd}, {line.first.get(), kLifelineFd}}) {
    beat();
  }

  static std::pair<UniqueFd, UniqueFd> lifeline() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw_setup_error("making a pipe", errno);
    std::pair<UniqueFd, UniqueFd> line{UniqueFd(ends[0]), UniqueFd(ends[1])};
    ::fcntl(line.second.get(), F_SETFL, O_NONBLOCK);
    return line;
  }

  static std::vector<std::string> arguments(const std::string& name) {
    std::vector<std::string> command = protocol::role_command(name, kChannelFd);
    command.insert(command.end(), {"--lifeline", fmt::format("{}", kLifelineFd)});
    return command;
  }

  std::uint64_t number_;
  UniqueFd lifeline_;
  net::Channel channel_;
  ChildProcess process_;
};

/// Answers the runner and carries messages between it and the role, until the runner is gone.
class Agent {
 public:
  explicit Agent(net::Channel channel) : channel_(std::move(channel)) {}

  int serve() {
    say(protocol::own_hello());
    while (!over_) {
      wait();
      hear_runner();
      hear_role();
      const std::uint64_t now = now_ns();
      if (now >= next_beat_ns_) beat(now);
      end_stopped_role(now);
      if (now >= heard_ns_ + protocol::kSilenceNs) over_ = true;
    }
    return 0;
  }

 private:
  void say(const Json& message) { over_ = channel_.send(message).has_value() || over_; }

  void beat(std::uint64_t now) {
    next_beat_ns_ = now + protocol::kBeatNs;
    say(protocol::message("beat"));
    if (role_) role_->beat();
  }

  void wait() {
    std::array<pollfd, 3> fds{{{channel_.fd(), POLLIN, 0},
                               {role_ ? role_->channel().fd() : -1, POLLIN, 0},
                               {role_ ? role_->process().fd() : -1, POLLIN, 0}}};
    (void)net::poll_until(fds, std::min(next_beat_ns_, heard_ns_ + protocol::kSilenceNs));
  }

  void hear_runner() {
    while (!over_) {
      const auto received = channel_.receive(now_ns());
      if (const auto* end = std::get_if<net::ChannelEnd>(&received)) {
        over_ = end->kind != net::ChannelEnd::Kind::timeout;
        return;
      }
      heard_ns_ = now_ns();
      try {
        obey(std::get<Json>(received));
      } catch (const std::exception& error) {
        Json refusal = protocol::message("failed");
        refusal["reason"] = error.what();
        say(refusal);
      }
    }
  }

  void obey(const Json& order) {
    const auto type = order.at("type").get<std::string>();
    if (type == "beat") return;
    if (type == "describe") return say(describe_host());
    if (type == "card") return describe_card_asked(order);
    const auto number = Fields(order).at("number").get<std::uint64_t>();
    if (type == "start") return start(number, order.at("role").get<std::string>());
    if (type == "role") return pass_on(number, order.at("message"));
    if (type != "stop") throw SetupError(fmt::format("'{}' is no order for an agent", type));
    if (role_ && role_->number() == number) role_.reset();
    say(protocol::numbered("stopped", number));
  }

  void describe_card_asked(const Json& order) {
    const CardOf which = order.at("toward").get<bool>() ? CardOf::way_to_address : CardOf::address;
    Json answer = protocol::message("card");
    answer["facts"] = describe_card(order.at("address").get<std::string>(), which);
    say(answer);
  }

  void start(std::uint64_t number, const std::string& name) {
    if (name != "server" && name != "client") {
      throw SetupError(fmt::format("there is no role '{}'", name));
    }
    role_.reset();
    role_.emplace(number, name);
    Json answer = protocol::numbered("started", number);
    answer["id"] = role_->process().id();
    say(answer);
  }

  /// To a role that has died meanwhile nothing can be said; its end is on the way to the runner.
  void pass_on(std::uint64_t number, const Json& message) {
    if (!message.is_object() || !message.contains("type") || !message["type"].is_string()) {
      throw SetupError("a message for a role is an object with a \"type\" text");
    }
    if (role_ && role_->number() == number) (void)role_->channel().send(message);
  }

  void hear_role() {
    while (role_ && !over_) {
      const auto received = role_->channel().receive(now_ns());
      if (const auto* message = std::get_if<Json>(&received)) {
        Json wrapped = protocol::numbered("role", role_->number());
        wrapped["message"] = *message;
        say(wrapped);
        continue;
      }
      const auto& end = std::get<net::ChannelEnd>(received);
      if (end.kind != net::ChannelEnd::Kind::timeout) tell_end(end.reason);
      return;
    }
  }

  /// One that stands still cannot answer, and the runner cannot see it from where it is.
  void end_stopped_role(std::uint64_t now) {
    constexpr std::uint64_t kLostNs = 1'000'000'000;  // seen one beat late at most
    if (!role_) return;
    const auto since = role_->process().stopped_since_ns();
    if (!since || now < *since + kLostNs) return;
    Json message = protocol::numbered("ended", role_->number());
    message["reason"] = "has been stopped for 1 s, by a signal or a debugger";
    role_.reset();
    say(message);
  }

  void tell_end(const std::string& otherwise) {
    constexpr std::uint64_t kSoonNs = 1'000'000'000;
    Json message = protocol::numbered("ended", role_->number());
    message["reason"] = role_->process().ended(now_ns() + kSoonNs).value_or(otherwise);
    role_.reset();
    say(message);
  }

  net::Channel channel_;
  std::optional<AgentsRole> role_;
  bool over_ = false;
  std::uint64_t heard_ns_ = now_ns();
  std::uint64_t next_beat_ns_ = now_ns();
};

/// Standard input and output become the channel alone: what else is printed goes to standard error.
net::Channel take_standard_descriptors() {
  UniqueFd in(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, kLifelineFd + 1));
  UniqueFd out(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, kLifelineFd + 1));
  if (!in || !out) throw_setup_error("copying standard input and output", errno);
  const UniqueFd nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  ::dup2(nothing.get(), STDIN_FILENO);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  return {std::move(in), std::move(out)};
}

}  // namespace

int run_agent() {
  for (const int number : {SIGINT, SIGHUP, SIGPIPE})
    ::signal(number, SIG_IGN);  // the runner decides
  const std::string line = fmt::format("\n{}\n", protocol::kMagicLine);
  if (::write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    throw_setup_error("writing to the runner", errno);
  }
  return Agent(take_standard_descriptors()).serve();
}

}  // namespace ub::role
