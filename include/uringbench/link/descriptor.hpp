#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "uringbench/base/unique_fd.hpp"
#include "uringbench/model/case.hpp"
#include "uringbench/model/sample.hpp"
#include "uringbench/net/datagram.hpp"
#include "uringbench/net/socket.hpp"

/// How links are made. A link is a row of model/links.def, which says what it is, and one file of
/// src/link, which has its descriptor. Nothing outside asks for a link by its name.
namespace ub::link {

struct ServerSetup {
  const Case& the_case;
  net::Pieces pieces = net::Pieces::few;  ///< how the payload lies in memory, for datagrams
  net::Endpoint listen = {};    ///< between hosts: where clients will connect; port 0: any
  std::uint16_t last_port = 0;  ///< of the range that begins with that port; 0: it alone
};

/// The server's end for one sample. Clients come to `listeners`, or there is nobody to come, and
/// `connected` has a socket for each. Devices and networks last as long as the process.
struct ServerEnd {
  std::vector<net::Listener> listeners = {};  ///< one for each reactor, all on one endpoint
  std::vector<UniqueFd> connected = {};       ///< one for each client
  std::uint64_t most_bytes_a_send = ~std::uint64_t{0};  ///< of a datagram socket
  net::Endpoint endpoint = {};                          ///< that clients connect to
  std::string local_address = {};      ///< that is sent from, by which the device can be found
  std::vector<UniqueFd> watched = {};  ///< second descriptors, for `settle`
  Facts effective = {};                ///< what was made, for the sample
};

/// How what was sent over a link has ended.
struct Ending {
  std::uint64_t retransmitted_bytes = 0;
  std::string failure = {};  ///< empty when all is well
};

struct MeterCounts {
  std::uint64_t payload_bytes = 0;  ///< that the devices were given; exact while nobody sends
  std::string failure = {};         ///< empty while all is well
};

/// The load generator of a link from which nothing arrives: counts what was sent. One thread at a
/// time. Functions throw SetupError.
class Meter {
 public:
  Meter() = default;
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;
  virtual ~Meter() = default;

  /// Starts whatever it needs a thread for, on the CPUs of the load generator. Once.
  virtual void start() {}
  [[nodiscard]] virtual MeterCounts read() const = 0;
  /// Ends that thread. The server has finished by then: it may have needed it. Idempotent.
  virtual void stop() {}
  [[nodiscard]] virtual Facts effective() const { return {}; }
};

/// A link. All but `open` has a default, which does nothing.
struct Descriptor {
  /// In the server's process, which has one thread: makes what the case needs. Throws SetupError.
  ServerEnd (*open)(const ServerSetup& setup) = nullptr;
  /// In the load generator's process, which has one thread: takes it to where it reaches what
  /// process `server_id` has opened. Returns the meter of a link that drops. Throws SetupError.
  std::unique_ptr<Meter> (*join)(const Case& the_case, int server_id) =
      [](const Case&, int) -> std::unique_ptr<Meter> { return nullptr; };
  /// After the engine has finished: waits until what was sent has left, or `deadline_ns` of
  /// now_ns(). Throws SetupError.
  Ending (*settle)(const ServerEnd& end, std::uint64_t deadline_ns) =
      [](const ServerEnd&, std::uint64_t) { return Ending{}; };
  /// Why no machine could run the case over it, beyond what its facts say; empty when it could.
  std::string (*why_refused)(const Case& the_case) = [](const Case&) { return std::string(); };
  std::uint32_t descriptors = 0;  ///< file descriptors for each client, beside its socket
};

/// Any thread.
const Descriptor& descriptor_of(Link link);

/// Why no machine could run the case over its link; empty when it could.
std::string why_refused(const Case& the_case);

/// The server's end of any link whose clients connect: listens at `endpoint`, once for each
/// reactor. Throws SetupError.
ServerEnd listen_for_clients(const Case& the_case, const net::Endpoint& endpoint);

}  // namespace ub::link
