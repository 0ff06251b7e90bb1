#pragma once

#include <memory>

#include "role_host.hpp"
#include "uringbench/load/receiver.hpp"

namespace ub::study {

/// The load generator: connects the clients and receives.
class ClientRole final : public Role {
 public:
  net::Endpoint prepare(const Prepare& prepare) override;
  void go() override;
  void fill(Snapshot& snapshot) const override;
  void finish(std::uint64_t deadline_ns) override;
  [[nodiscard]] Facts granted() const override { return {}; }
  [[nodiscard]] Facts effective() const override { return effective_; }

 private:
  std::unique_ptr<load::Receiver> receiver_;
  Facts effective_;
  std::string late_;  ///< set when the server did not close in time
};

}  // namespace ub::study
