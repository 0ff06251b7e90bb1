// Roles on this machine: children of this process at the other end of a socket pair.
#include "launcher.hpp"
#include "uringbench/base/child_process.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/protocol/protocol.hpp"

namespace ub::run {
namespace {

constexpr int kChannelFd = 3;

class LocalRole final : public RoleCarrier {
 public:
  LocalRole(const std::string& program, RoleName name, std::pair<UniqueFd, UniqueFd> ends)
      : channel_(std::move(ends.first)),
        process_(program, protocol::role_command(to_text(name), kChannelFd),
                 {{ends.second.get(), kChannelFd}}) {}

  std::optional<net::ChannelEnd> send(const Json& message) override {
    return channel_.send(message);
  }
  std::variant<Json, net::ChannelEnd> receive() override { return channel_.receive(now_ns()); }
  [[nodiscard]] int fd() const override { return channel_.fd(); }
  std::optional<std::string> ended(std::uint64_t deadline_ns) override {
    return process_.ended(deadline_ns);
  }
  std::optional<std::uint64_t> stopped_since_ns() override { return process_.stopped_since_ns(); }
  [[nodiscard]] int id() const override { return process_.id(); }

 private:
  net::Channel channel_;
  ChildProcess process_;
};

class LocalLauncher final : public Launcher {
 public:
  explicit LocalLauncher(std::string program) : program_(std::move(program)) {}

  std::unique_ptr<RoleCarrier> start(RoleName name) override {
    return std::make_unique<LocalRole>(program_, name, net::channel_pair());
  }

 private:
  std::string program_;
};

}  // namespace

std::unique_ptr<Launcher> make_local_launcher(std::string program) {
  return std::make_unique<LocalLauncher>(std::move(program));
}

}  // namespace ub::run
