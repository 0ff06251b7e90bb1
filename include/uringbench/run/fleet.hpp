#pragma once

#include <memory>
#include <string>

#include "uringbench/model/environment.hpp"
#include "uringbench/model/hosts.hpp"
#include "uringbench/net/socket.hpp"
#include "uringbench/plan/options.hpp"
#include "uringbench/uring/probe.hpp"

namespace ub::run {

class Launcher;

/// The two hosts of a study, each with an agent, from the first question before the plan is made to
/// the last sample. Agents and roles end with it. A thread says that this program lives.
class Fleet {
 public:
  /// Reaches both. Throws UsageError for what is no host, SetupError when one cannot be reached.
  explicit Fleet(const Hosts& hosts);
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;
  ~Fleet();

  /// The kernel of the server.
  [[nodiscard]] uring::Probe probe() const;
  /// CPUs and defaults, for the plan.
  [[nodiscard]] plan::Machines machines() const;
  /// The environment of both ends, with the cards between them. Once the data address is known.
  [[nodiscard]] Environment environment(std::uint64_t seed) const;

  /// Where the server listens for data of that transport, a port of 0 being any: what was asked
  /// for, the address by which ssh reached it, or the only one it has. Throws UsageError when that
  /// is not clear, naming those it has, or SetupError when it is not the server's. Remembers the
  /// cards.
  void choose_data_address(Transport transport);
  /// The one chosen.
  [[nodiscard]] net::Endpoint data_endpoint(Transport transport) const;
  [[nodiscard]] std::uint16_t last_port() const;

  [[nodiscard]] Launcher& server();
  [[nodiscard]] Launcher& load();
  /// Whether both "hosts" run under one kernel, as two namespaces of a machine do.
  [[nodiscard]] bool shares_kernel() const;

  /// Readable from now on: stop now.
  void interrupt_by(int fd);
  /// Reaches again, once, whichever host has been lost, and says whether one had been. Throws
  /// SetupError when it cannot be reached.
  bool mend();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace ub::run
