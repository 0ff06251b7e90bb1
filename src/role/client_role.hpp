#pragma once

#include <memory>

#include "role_host.hpp"
#include "uringbench/load/crew.hpp"

namespace ub::role {

/// The load generator: connects the clients and drives them as the workload says.
class ClientRole final : public Role {
 public:
  net::Endpoint prepare(const protocol::Prepare& prepare) override;
  [[nodiscard]] std::string cpus_of(const Case& the_case) const override {
    return the_case.client_cpus;
  }
  void go() override;
  void mark(protocol::WindowEdge edge) override;
  void fill(Snapshot& snapshot) const override;
  void finish(std::uint64_t deadline_ns) override;
  void conclude(protocol::Finished& finished) const override;

 private:
  std::unique_ptr<load::Crew> crew_;
  Switch histogram_ = Switch::off;
  Facts effective_;
  std::string late_;  ///< set when the server did not close in time
};

}  // namespace ub::role
