// The links of links.def, and what holds for all of them.
#include <fcntl.h>
#include <fmt/format.h>

#include <array>
#include <cerrno>

#include "uringbench/base/error.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/link/descriptor.hpp"
#include "uringbench/net/socket_options.hpp"

namespace ub::link {

#define UB_LINK(enumerator, ...) Descriptor enumerator##_link();
#include "uringbench/model/links.def"
#undef UB_LINK

namespace {

std::string carried_by(const LinkFacts& link) {
  if (link.carries.size() == 1) return fmt::format("{} alone", to_text(link.carries.front()));
  std::vector<std::string> names;
  for (const Transport transport : link.carries) names.emplace_back(to_text(transport));
  return list_text(names, "and");
}

std::string why_not_carried(const Case& c) {
  if (carries(c.link, c.transport)) return {};
  return fmt::format("--link {} with --transport {}: it carries {}", to_text(c.link),
                     to_text(c.transport), carried_by(facts_of(c.link)));
}

/// A device that drops has nobody behind it.
std::string why_not_dropped(const Case& c) {
  if (!drops(c.link)) return {};
  if (receives(c.workload)) {
    return fmt::format(
        "--link {} with --workload {}: nobody is there to answer or to send; it "
        "takes stream alone",
        to_text(c.link), to_text(c.workload));
  }
  if (c.reactors > 1) {
    return fmt::format(
        "--link {} with --reactors: its sockets are connected by the program, not accepted, so "
        "nothing spreads them over reactors; it may be 1",
        to_text(c.link));
  }
  return {};
}

/// A unix-domain socket has no SO_REUSEPORT: its reactors accept from one and the same.
net::Listener share_listener(const net::Listener& first) {
  UniqueFd fd(::fcntl(first.fd.get(), F_DUPFD_CLOEXEC, 0));
  if (!fd) throw_setup_error("sharing a listening socket", errno, "raise `ulimit -n`");
  return {std::move(fd), first.endpoint};
}

}  // namespace

const Descriptor& descriptor_of(Link link) {
#define UB_LINK(enumerator, ...) enumerator##_link(),
  static const std::array links = {
#include "uringbench/model/links.def"
  };
#undef UB_LINK
  return links[static_cast<std::size_t>(link)];
}

std::string why_refused(const Case& the_case) {
  std::string why = why_not_carried(the_case);
  if (why.empty()) why = why_not_dropped(the_case);
  return why.empty() ? descriptor_of(the_case.link).why_refused(the_case) : why;
}

ServerEnd listen_for_clients(const Case& the_case, const net::Endpoint& endpoint) {
  const bool share = the_case.transport == Transport::unix_stream;
  net::SocketOptions options = net::server_options(the_case);
  if (the_case.reactors > 1 && !share) options.reuse_port = Switch::on;
  ServerEnd end;
  end.listeners.push_back(net::listen_on(endpoint, options, the_case.clients));
  end.endpoint = end.listeners.front().endpoint;
  end.local_address = end.endpoint.address;
  end.effective = net::effective_options(end.listeners.front().fd.get());
  while (end.listeners.size() < the_case.reactors) {
    end.listeners.push_back(share ? share_listener(end.listeners.front())
                                  : net::listen_on(end.endpoint, options, the_case.clients));
  }
  return end;
}

}  // namespace ub::link
