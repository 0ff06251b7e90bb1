#include "agent_link.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>

#include "session.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/net/poll.hpp"
#include "uringbench/protocol/protocol.hpp"

namespace ub::run {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kConnectNs = 30 * kSecond;  // ssh: jump hosts, slow name servers
constexpr std::uint64_t kAnswerNs = 20 * kSecond;
constexpr std::uint64_t kLeaveNs = 3 * kSecond;

/// The last line of `text` that is not blank, as one may print it.
std::string last_line(std::string text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) {
    text.pop_back();
  }
  const auto before = text.find_last_of("\r\n");
  if (before != std::string::npos) text.erase(0, before + 1);
  for (char& c : text) {
    if (std::iscntrl(static_cast<unsigned char>(c)) != 0) c = ' ';
  }
  constexpr std::size_t kMost = 300;
  return text.substr(0, kMost);
}

UniqueFd duplicate(int fd) {
  UniqueFd copy(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
  if (!copy) throw_setup_error("copying a descriptor", errno, "raise `ulimit -n`");
  return copy;
}

}  // namespace

AgentLink::AgentLink(std::string name, std::vector<std::string> command)
    : name_(std::move(name)), command_(std::move(command)) {}

void AgentLink::refuse(const std::string& why) {
  disconnect();
  lost_ = why;
  throw SetupError(fmt::format("host {}: {}", name_, why));
}

std::string AgentLink::last_words() const {
  constexpr off_t kMost = 4096;
  const off_t size = ::lseek(errors_.get(), 0, SEEK_END);
  std::string text(static_cast<std::size_t>(std::clamp<off_t>(size, 0, kMost)), '\0');
  const auto got = ::pread(errors_.get(), text.data(), text.size(),
                           std::max<off_t>(0, size - static_cast<off_t>(text.size())));
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return last_line(text);
}

void AgentLink::connect() {
  disconnect();
  lost_.clear();
  errors_.reset(::memfd_create("stderr", MFD_CLOEXEC));
  if (!errors_) throw_setup_error("making a file for what a host complains of", errno);
  ::fcntl(errors_.get(), F_SETFL, O_APPEND);
  auto [ours, theirs] = net::channel_pair();
  process_.emplace(command_.front(), command_,
                   std::vector<GivenDescriptor>{{theirs.get(), STDIN_FILENO},
                                                {theirs.get(), STDOUT_FILENO},
                                                {errors_.get(), STDERR_FILENO}});
  theirs.reset();
  await_magic_line(ours.get());
  {
    const std::lock_guard lock(sending_);
    out_.emplace(duplicate(ours.get()));
  }
  in_.emplace(std::move(ours));
  heard_ns_ = now_ns();
  await_hello();
}

/// A byte at a time: what follows the line is the channel's.
void AgentLink::await_magic_line(int fd) {
  const std::uint64_t deadline = now_ns() + kConnectNs;
  std::string before;
  for (std::string line;;) {
    const char byte = next_byte(fd, deadline, before);
    before += byte;
    if (before.size() > protocol::kMostGarbageBytes) {
      refuse(fmt::format("it said more than {} bytes before an agent answered, the last: {}",
                         protocol::kMostGarbageBytes, last_line(before)));
    }
    if (byte == '\r') continue;  // a terminal adds them
    if (byte == '\n' && line == protocol::kMagicLine) return;
    byte == '\n' ? line.clear() : line.push_back(byte);
  }
}

char AgentLink::next_byte(int fd, std::uint64_t deadline_ns, const std::string& before) {
  std::array<pollfd, 2> fds{{{fd, POLLIN, 0}, {interrupt_fd_, POLLIN, 0}}};
  const SysResult ready = net::poll_until(fds, deadline_ns);
  if (fds[1].revents != 0) {
    disconnect();
    throw Interrupted{};
  }
  if (!ready.ok() || ready.value == 0) {
    refuse(fmt::format("no agent answered within {} s{}{}", kConnectNs / kSecond,
                       before.empty() ? "" : "; it said: ", last_line(before)));
  }
  char byte = 0;
  if (::recv(fd, &byte, 1, 0) == 1) return byte;
  const auto how = process_->ended(now_ns() + kSecond);
  const std::string said = last_words().empty() ? last_line(before) : last_words();
  refuse(
      fmt::format("no agent answered, as the command {}{}{}; is uringbench there? "
                  "--remote-program names it",
                  how.value_or("closed its output"), said.empty() ? "" : ": ", said));
}

void AgentLink::await_hello() {
  const auto received = in_->receive(now_ns() + kAnswerNs, interrupt_fd_);
  const auto* json = std::get_if<Json>(&received);
  if (json == nullptr)
    refuse("the agent did not say hello: " + std::get<net::ChannelEnd>(received).reason);
  std::string why;
  try {
    why = protocol::why_incompatible(json->get<protocol::Hello>(), protocol::own_hello());
  } catch (const Json::exception& error) {
    why = fmt::format("the agent's first message is not a hello: {}", error.what());
  }
  if (!why.empty()) refuse(why);
}

/// The end of its input ends an agent and its role; a command that does not end by that is ended.
void AgentLink::disconnect() {
  {
    const std::lock_guard lock(sending_);
    out_.reset();
  }
  in_.reset();
  if (process_) (void)process_->ended(now_ns() + kLeaveNs);
  process_.reset();
}

std::optional<net::ChannelEnd> AgentLink::send(const Json& message) {
  const std::lock_guard lock(sending_);
  if (!out_) return net::ChannelEnd{net::ChannelEnd::Kind::closed, why_lost()};
  auto end = out_->send(message);
  if (end && lost_.empty()) lost_ = end->reason;
  return end;
}

void AgentLink::beat() {
  const std::unique_lock lock(sending_, std::try_to_lock);
  if (lock && out_) (void)out_->send(protocol::message("beat"));  // a loss is noticed elsewhere
}

std::variant<Json, net::ChannelEnd> AgentLink::receive() {
  if (!in_) return net::ChannelEnd{net::ChannelEnd::Kind::closed, why_lost()};
  for (;;) {
    auto received = in_->receive(now_ns());
    const auto* json = std::get_if<Json>(&received);
    if (json == nullptr) {
      auto& end = std::get<net::ChannelEnd>(received);
      if (end.kind == net::ChannelEnd::Kind::timeout) return received;
      lost_ = end.reason;
      return net::ChannelEnd{end.kind, why_lost()};
    }
    heard_ns_ = now_ns();
    if (json->at("type") != "beat") return received;
  }
}

Json AgentLink::ask(const Json& question, const char* type) {
  if (const auto end = send(question)) refuse(end->reason);
  // An agent that describes its host tries features and reads files, and beats no heart meanwhile.
  const bool may_be_silent = std::string_view(type) == "description";
  const std::uint64_t deadline = now_ns() + kAnswerNs;
  for (;;) {
    auto received = receive();
    if (const auto* json = std::get_if<Json>(&received)) {
      const auto got = json->at("type").get<std::string>();
      if (got == type) return *json;
      if (got == "failed") {
        throw SetupError(fmt::format("host {}: {}", name_, json->value("reason", "")));
      }
      continue;
    }
    if (std::get<net::ChannelEnd>(received).kind != net::ChannelEnd::Kind::timeout) {
      refuse(why_lost());
    }
    const std::uint64_t patience = may_be_silent ? deadline : std::min(deadline, silent_until_ns());
    if (now_ns() >= patience) {
      refuse(fmt::format("the agent did not answer '{}' in time", type));
    }
    std::array<pollfd, 2> fds{{{fd(), POLLIN, 0}, {interrupt_fd_, POLLIN, 0}}};
    (void)net::poll_until(fds, patience);
    if (fds[1].revents != 0) throw Interrupted{};
  }
}

/// What has come and was not read yet is a sign of life, too: nobody may have looked for a while.
bool AgentLink::is_silent() const {
  pollfd unread{fd(), POLLIN, 0};
  return now_ns() >= silent_until_ns() && ::poll(&unread, 1, 0) <= 0;
}

std::string AgentLink::why_lost() {
  if (lost_.empty() && in_ && !is_silent()) return {};
  if (lost_.empty() && in_) {
    return fmt::format("it has been silent for {} s", protocol::kSilenceNs / kSecond);
  }
  const auto how = process_ ? process_->ended(now_ns() + kSecond) : std::nullopt;
  const std::string said = last_words();
  return fmt::format("{}{}{}", how ? "the command that reached it " + *how : lost_,
                     said.empty() ? "" : ": ", said);
}

}  // namespace ub::run
