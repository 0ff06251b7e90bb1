#pragma once

#include <memory>
#include <optional>

#include "uringbench/link/descriptor.hpp"
#include "uringbench/protocol/protocol.hpp"

namespace ub::role {

/// One workload's half of the load generator, so that the client role need not know which it is.
/// One thread calls all but fill().
class LoadGenerator {
 public:
  LoadGenerator() = default;
  LoadGenerator(const LoadGenerator&) = delete;
  LoadGenerator& operator=(const LoadGenerator&) = delete;
  virtual ~LoadGenerator() = default;

  /// Nothing to do where the clients only receive.
  virtual void go() {}
  virtual void mark(protocol::WindowEdge /*edge*/) {}
  /// Any thread, any time.
  virtual void fill(Snapshot& snapshot) const = 0;
  /// False when a connection had to be broken off.
  virtual bool finish(std::uint64_t deadline_ns) = 0;
  /// After finish(); nullopt where there are no requests.
  [[nodiscard]] virtual std::optional<RequestFigures> requests() const { return std::nullopt; }
  [[nodiscard]] virtual Facts effective() const { return {}; }
};

/// Connected and with its threads started. Single thread. Throws SetupError.
std::unique_ptr<LoadGenerator> make_load_generator(const protocol::Prepare& prepare);

/// The same where nothing arrives.
std::unique_ptr<LoadGenerator> make_metered_load(std::unique_ptr<link::Meter> meter);

}  // namespace ub::role
