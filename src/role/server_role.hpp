#pragma once

#include <memory>
#include <vector>

#include "role_host.hpp"
#include "uringbench/engine/engine.hpp"
#include "uringbench/link/descriptor.hpp"

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
  void wait_for_clients() const;
  void look_for_copying() const;

  bool asks_for_zero_copy_ = false;
  bool joins_notifications_ = false;
  mutable std::string copy_cause_;  ///< the first found; fill() is asked by one thread
  Switch sends_ = Switch::on;
  std::uint32_t clients_ = 0;
  std::unique_ptr<engine::Engine> engine_;
  const link::Descriptor* link_ = nullptr;  ///< of the case
  link::ServerEnd end_;
  link::Ending ending_;
};

}  // namespace ub::role
