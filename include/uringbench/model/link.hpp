#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Links as plain data: what the command line, plans and reports need to know of what lies between
/// the two roles. How a link is made is in link/descriptor.hpp.
namespace ub {

/// `tcp`: IPv4; `tcp6`: the same over IPv6; `unix_stream` ("unix"): a unix-domain stream socket
/// (unix(7)); `udp`: only where nothing has to arrive.
enum class Transport { tcp, tcp6, unix_stream, udp };

/// What lies between the two roles; links.def has one row for each.
enum class Link {
#define UB_LINK(enumerator, ...) enumerator,
#include "uringbench/model/links.def"
#undef UB_LINK
};

/// What becomes of bytes that were sent, and so of zero-copy sends.
enum class Delivery {
  remote,   ///< to another host: a card reads the pages, or not, as its offloads let it
  local,    ///< to a socket of this host: the kernel copies every zero-copy send after all
  dropped,  ///< a device counts and frees them: nothing is copied, and nothing arrives
};

/// Whether a link makes devices of its own, which have an MTU and offloads to choose.
enum class LinkDevice { none, own };

/// Whether the two ends are on this machine, or on two hosts (--server, --load).
enum class LinkSpan { one_machine, two_hosts };

/// Whether its packets can be delayed.
enum class LinkDelay { none, netem };

struct LinkFacts {
  std::string_view name = {};           ///< as `--link` takes it
  std::string_view help = {};           ///< its part of the help of `--link`
  std::vector<Transport> carries = {};  ///< the first is the one in use where none is asked for
  Delivery delivery = Delivery::local;
  LinkDevice device = LinkDevice::none;
  LinkDelay delay = LinkDelay::none;
  LinkSpan span = LinkSpan::one_machine;
};

/// Immutable; any thread.
const LinkFacts& facts_of(Link link);

/// In the order of links.def.
std::vector<Link> all_links();

/// Whether what is sent is dropped, and counted, by a device.
bool drops(Link link);

bool carries(Link link, Transport transport);

/// "veth, sink and tcp-sink": the names of those for which `which` holds, with `last` before the
/// last of them.
std::string names_of_links(bool (*which)(const LinkFacts&), std::string_view last);

}  // namespace ub
