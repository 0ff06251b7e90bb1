#pragma once

#include <cstdint>

#include "agent_link.hpp"
#include "launcher.hpp"

namespace ub::run {

/// Starts roles by an agent.
class AgentLauncher final : public Launcher {
 public:
  /// `link` outlives this.
  explicit AgentLauncher(AgentLink& link) : link_(link) {}

  std::unique_ptr<RoleCarrier> start(RoleName name) override;

 private:
  AgentLink& link_;
  std::uint64_t last_number_ = 0;
};

}  // namespace ub::run
