// Roles on another host: its agent starts them, and carries their messages.
#include "agent_launcher.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/net/poll.hpp"
#include "uringbench/protocol/protocol.hpp"

namespace ub::run {
namespace {

using Kind = net::ChannelEnd::Kind;

constexpr std::uint64_t kStopNs = 5'000'000'000;

/// What is told of an earlier role has another number, and is dropped.
class AgentRole final : public RoleCarrier {
 public:
  AgentRole(AgentLink& link, std::uint64_t number, RoleName name) : link_(link), number_(number) {
    Json order = protocol::numbered("start", number);
    order["role"] = to_text(name);
    id_ = protocol::process_id_at(link_.ask(order, "started"), "id");
  }

  AgentRole(const AgentRole&) = delete;
  AgentRole& operator=(const AgentRole&) = delete;
  /// The agent has ended the role when this returns, or is lost.
  ~AgentRole() override {
    try {
      stop();
    } catch (const std::exception&) {  // an agent that speaks nonsense is as good as lost
      link_.disconnect();
    }
  }

  std::optional<net::ChannelEnd> send(const Json& message) override {
    Json wrapped = protocol::numbered("role", number_);
    wrapped["message"] = message;
    return link_.send(wrapped);
  }

  std::variant<Json, net::ChannelEnd> receive() override {
    for (;;) {
      auto received = link_.receive();
      const auto* json = std::get_if<Json>(&received);
      if (json == nullptr) return of_host(std::get<net::ChannelEnd>(std::move(received)));
      const auto type = json->at("type").get<std::string>();
      if (json->value("number", std::uint64_t{0}) != number_ && type != "failed") continue;
      if (type == "role") return json->at("message");
      if (type == "failed") return net::ChannelEnd{Kind::closed, json->value("reason", "failed")};
      if (type != "ended") continue;
      end_ = json->value("reason", "ended");
      return net::ChannelEnd{Kind::closed, *end_};
    }
  }

  [[nodiscard]] int fd() const override { return link_.fd(); }
  [[nodiscard]] std::uint64_t silent_until_ns() const override { return link_.silent_until_ns(); }
  std::optional<std::string> ended(std::uint64_t /*deadline_ns*/) override { return end_; }
  [[nodiscard]] int id() const override { return id_; }

 private:
  net::ChannelEnd of_host(net::ChannelEnd end) const {
    if (end.kind != Kind::timeout)
      end.reason = fmt::format("host {}: {}", link_.name(), end.reason);
    return end;
  }

  void stop() {
    if (!link_.why_lost().empty() || link_.send(protocol::numbered("stop", number_))) return;
    for (const std::uint64_t deadline = now_ns() + kStopNs; now_ns() < deadline;) {
      const auto received = link_.receive();
      if (const auto* json = std::get_if<Json>(&received)) {
        if (json->at("type") == "stopped" && json->at("number") == number_) return;
        continue;
      }
      if (std::get<net::ChannelEnd>(received).kind != Kind::timeout) return;
      pollfd readable{link_.fd(), POLLIN, 0};
      (void)net::poll_until({&readable, 1}, deadline);
    }
    link_.disconnect();
  }

  AgentLink& link_;
  std::uint64_t number_;
  int id_ = 0;
  std::optional<std::string> end_;
};

}  // namespace

std::unique_ptr<RoleCarrier> AgentLauncher::start(RoleName name) {
  return std::make_unique<AgentRole>(link_, ++last_number_, name);
}

}  // namespace ub::run
