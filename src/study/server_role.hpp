#pragma once

#include <memory>

#include "role_host.hpp"
#include "uringbench/engine/engine.hpp"

namespace ub::study {

/// The server: one engine with one path.
class ServerRole final : public Role {
 public:
  net::Endpoint prepare(const Prepare& prepare) override;
  void go() override;
  void fill(Snapshot& snapshot) const override;
  void finish(std::uint64_t deadline_ns) override;
  [[nodiscard]] Facts granted() const override;
  [[nodiscard]] Facts effective() const override;

 private:
  void wait_for_clients() const;

  Facts effective_;
  std::uint32_t clients_ = 0;
  std::unique_ptr<engine::Engine> engine_;
};

}  // namespace ub::study
