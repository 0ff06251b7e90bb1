#pragma once

#include <memory>
#include <vector>

#include "role_host.hpp"
#include "server_link.hpp"
#include "uringbench/engine/engine.hpp"

namespace ub::role {

/// The server: one engine with one path.
class ServerRole final : public Role {
 public:
  net::Endpoint prepare(const protocol::Prepare& prepare) override;
  [[nodiscard]] std::string cpus_of(const Case& the_case) const override {
    return the_case.server_cpus;
  }
  void go() override;
  void fill(Snapshot& snapshot) const override;
  void finish(std::uint64_t deadline_ns) override;
  void mark(protocol::WindowEdge edge) override;
  void conclude(protocol::Finished& finished) const override;

 private:
  net::Endpoint open_endpoint(const protocol::Prepare& prepare, engine::EngineSetup& setup);
  net::Endpoint listen_for_clients(const protocol::Prepare& prepare, engine::EngineSetup& setup);
  void wait_for_clients() const;
  void look_for_copying() const;

  Facts effective_;
  bool asks_for_zero_copy_ = false;
  bool joins_notifications_ = false;
  std::string local_address_;       ///< that is sent from
  mutable std::string copy_cause_;  ///< the first found; fill() is asked by one thread
  Switch sends_ = Switch::on;
  std::uint32_t clients_ = 0;
  std::unique_ptr<engine::Engine> engine_;
  std::vector<UniqueFd> tcp_sinks_;  ///< the engine's sockets, to see how their streams end
  TcpSinkEnd tcp_sink_end_;
};

}  // namespace ub::role
