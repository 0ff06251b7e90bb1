#pragma once

#include <memory>
#include <vector>

#include "uringbench/engine/engine.hpp"

namespace ub::engine {

/// Several engines of one kind that share the clients: each has a thread, a ring or an epoll
/// instance, a message set and a listening socket of its own, so they share nothing but the port,
/// and the kernel spreads connections over them (SO_REUSEPORT, socket(7): by a hash, not evenly).
/// Each runs on one CPU of those of the thread that starts it, in turn.
class Reactors final : public Engine {
 public:
  explicit Reactors(std::vector<std::unique_ptr<Engine>> reactors);

  void start() override;
  void go() override;
  void finish(std::uint64_t deadline_ns) override;
  [[nodiscard]] EngineCounts counts() const override;
  [[nodiscard]] SendTiming send_timing() const override;
  [[nodiscard]] Facts granted() const override;

 private:
  std::vector<std::unique_ptr<Engine>> reactors_;
};

}  // namespace ub::engine
