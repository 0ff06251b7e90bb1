#include "uringbench/run/fleet.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <sstream>
#include <vector>

#include "agent_launcher.hpp"
#include "host_command.hpp"
#include "uringbench/base/affinity.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/thread.hpp"
#include "uringbench/protocol/protocol.hpp"

namespace ub::run {
namespace {

using protocol::Description;
using protocol::HostAddress;

/// One host: the line to its agent, and what it said of itself.
struct Host {
  Host(const std::string& option, const std::string& name, const std::string& remote_program)
      : link(name, host_command(option, name, remote_program)), launcher(link) {}

  void reach() {
    link.connect();
    description = link.ask(protocol::message("describe"), "description").get<Description>();
  }

  Facts card(const std::string& address, bool toward) {
    Json question = protocol::message("card");
    question["address"] = address;
    question["toward"] = toward;
    return link.ask(question, "card").at("facts").get<Facts>();
  }

  AgentLink link;
  AgentLauncher launcher;
  Description description;
};

/// Says to both agents that this program lives, whatever its main thread waits for.
class Pulse {
 public:
  Pulse(AgentLink& one, AgentLink& other)
      : thread_(start_thread("the heartbeat", [&](const std::stop_token& stop) {
          std::unique_lock lock(mutex_);
          while (!stop.stop_requested()) {
            one.beat();
            other.beat();
            wake_.wait_for(lock, stop, std::chrono::nanoseconds(protocol::kBeatNs),
                           [] { return false; });
          }
        })) {}

 private:
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

bool is_ipv6(const std::string& address) {
  in6_addr bytes{};
  return ::inet_pton(AF_INET6, address.c_str(), &bytes) == 1;
}

bool is_ipv4(const std::string& address) {
  in_addr bytes{};
  return ::inet_pton(AF_INET, address.c_str(), &bytes) == 1;
}

bool fits(const std::string& address, Transport transport) {
  return transport == Transport::tcp6 ? is_ipv6(address) : is_ipv4(address);
}

/// Word `number` of SSH_CONNECTION: client address, client port, server address, server port.
std::string word_of(const std::string& text, int number) {
  std::istringstream words(text);
  std::string word;
  for (int i = 0; i <= number; ++i) {
    if (!(words >> word)) return {};
  }
  return word;
}

std::string list_of(const std::vector<HostAddress>& addresses) {
  std::string text;
  for (const HostAddress& each : addresses) {
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", each.address, each.device);
  }
  return text.empty() ? "none" : text;
}

bool has(const std::vector<HostAddress>& addresses, const std::string& address) {
  return std::any_of(addresses.begin(), addresses.end(),
                     [&](const HostAddress& each) { return each.address == address; });
}

}  // namespace

struct Fleet::Parts {
  explicit Parts(const Hosts& its_hosts)
      : hosts(its_hosts),
        server("--server", hosts.server, hosts.remote_program),
        load("--load", hosts.load, hosts.remote_program) {
    pulse.emplace(server.link, load.link);  // first: one agent waits until the other is reached
    server.reach();
    load.reach();
  }

  Hosts hosts;
  Host server;
  Host load;
  std::map<Transport, net::Endpoint> endpoints;
  Ends ends;
  std::optional<Pulse> pulse;  // last: it uses the links
};

Fleet::Fleet(const Hosts& hosts) : parts_(std::make_unique<Parts>(hosts)) {}

Fleet::~Fleet() {
  parts_->pulse.reset();
  parts_->load.link.disconnect();
  parts_->server.link.disconnect();
}

uring::Probe Fleet::probe() const {
  std::vector<uring::FindingText> said;
  for (const protocol::ProbeLine& line : parts_->server.description.probe) {
    said.push_back({line.name, line.support, line.how, line.detail});
  }
  return uring::Probe::of_host(said);
}

plan::Machines Fleet::machines() const {
  const auto cpus_of = [](const Host& host) {
    const auto cpus = parse_cpu_list(host.description.cpus_allowed);
    if (cpus && !cpus->empty()) return *cpus;
    throw SetupError(fmt::format("host {}: it may use no CPU", host.link.name()));
  };
  return {.server_cpus = cpus_of(parts_->server),
          .load_cpus = cpus_of(parts_->load),
          .congestion = parts_->server.description.congestion};
}

void Fleet::choose_data_address(Transport transport) {
  if (parts_->endpoints.contains(transport)) return;
  const Description& server = parts_->server.description;
  std::vector<HostAddress> fitting;
  for (const HostAddress& each : server.addresses) {
    if (fits(each.address, transport)) fitting.push_back(each);
  }
  // The server's end of the ssh connection to it. Where the server runs here, our end of the
  // connection to the load generator's host.
  const std::string by_ssh = !server.ssh_connection.empty()
                                 ? word_of(server.ssh_connection, 2)
                                 : word_of(parts_->load.description.ssh_connection, 0);
  std::string address = parts_->hosts.data_address;
  if (address.empty() && has(fitting, by_ssh)) address = by_ssh;
  if (address.empty() && fitting.size() == 1) address = fitting.front().address;
  if (address.empty()) {
    throw UsageError(fmt::format(
        "--data-address: give the address of the server's card that is to be measured; host {} has "
        "{} for transport {}",
        parts_->server.link.name(), list_of(fitting), to_text(transport)));
  }
  if (!fits(address, transport)) {
    throw UsageError(fmt::format(
        "--data-address: '{}' is not an address for --transport {}; {}", address,
        to_text(transport),
        is_ipv6(address) ? "choose --transport tcp6" : "give one of those: " + list_of(fitting)));
  }
  parts_->endpoints[transport] = {address, parts_->hosts.first_port};
  if (parts_->endpoints.size() > 1) return;
  parts_->ends.server = server.facts;
  parts_->ends.server.merge(parts_->server.card(address, false));
  Facts load = parts_->load.description.facts;
  load.merge(parts_->load.card(address, true));
  parts_->ends.load = {std::move(load)};
}

net::Endpoint Fleet::data_endpoint(Transport transport) const {
  return parts_->endpoints.at(transport);
}

std::uint16_t Fleet::last_port() const {
  return parts_->hosts.last_port;
}

Environment Fleet::environment(std::uint64_t seed) const {
  return {.facts = parts_->server.description.facts, .seed = seed, .ends = parts_->ends};
}

Launcher& Fleet::server() {
  return parts_->server.launcher;
}

Launcher& Fleet::load() {
  return parts_->load.launcher;
}

bool Fleet::shares_kernel() const {
  const std::string& one = parts_->server.description.boot_id;
  return !one.empty() && one == parts_->load.description.boot_id;
}

void Fleet::interrupt_by(int fd) {
  parts_->server.link.interrupt_by(fd);
  parts_->load.link.interrupt_by(fd);
}

bool Fleet::mend() {
  bool was_lost = false;
  for (Host* host : {&parts_->server, &parts_->load}) {
    if (host->link.why_lost().empty()) continue;
    host->link.connect();
    was_lost = true;
  }
  return was_lost;
}

}  // namespace ub::run
