#include "uringbench/protocol/agent.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>

#include "uringbench/base/build.hpp"
#include "uringbench/protocol/protocol.hpp"

namespace ub::protocol {

Hello own_hello() {
  utsname system{};
  ::uname(&system);
  return {.version = std::string(program_version()),
          .build = std::string(build_type()),
          .architecture = system.machine};
}

std::string why_incompatible(const Hello& theirs, const Hello& ours) {
  constexpr const char* kMend =
      "install the same program on both, or name the right one with --remote-program";
  if (theirs.protocol != ours.protocol || theirs.version != ours.version) {
    return fmt::format("uringbench is version {} with protocol {} there, and {} with {} here; {}",
                       theirs.version, theirs.protocol, ours.version, ours.protocol, kMend);
  }
  if (theirs.build != ours.build) {
    return fmt::format("uringbench is a {} build there and a {} build here; {}", theirs.build,
                       ours.build, kMend);
  }
  return {};
}

void to_json(Json& json, const Hello& hello) {
  json = message("hello");
  json["protocol"] = hello.protocol;
  json["version"] = hello.version;
  json["build"] = hello.build;
  json["architecture"] = hello.architecture;
}

/// A greeting of another protocol may lack everything but its number.
void from_json(const Json& json, Hello& hello) {
  hello.protocol = Fields(json).at("protocol").get<std::uint16_t>();
  hello.version = json.value("version", "unknown");
  hello.build = json.value("build", "unknown");
  hello.architecture = json.value("architecture", "unknown");
}

void to_json(Json& json, const Description& d) {
  json = message("description");
  json["facts"] = d.facts;
  for (const ProbeLine& line : d.probe) {
    json["probe"].push_back({{"name", line.name},
                             {"support", line.support},
                             {"how", line.how},
                             {"detail", line.detail}});
  }
  json["cpus_allowed"] = d.cpus_allowed;
  json["congestion"] = d.congestion;
  json["addresses"] = Json::array();
  for (const HostAddress& each : d.addresses) {
    json["addresses"].push_back({{"device", each.device}, {"address", each.address}});
  }
  json["ssh_connection"] = d.ssh_connection;
  json["boot_id"] = d.boot_id;
}

void from_json(const Json& json, Description& d) {
  d = {};
  json.at("facts").get_to(d.facts);
  for (const Json& line : json.at("probe")) {
    d.probe.push_back({line.at("name").get<std::string>(), line.at("support").get<std::string>(),
                       line.at("how").get<std::string>(), line.at("detail").get<std::string>()});
  }
  json.at("cpus_allowed").get_to(d.cpus_allowed);
  json.at("congestion").get_to(d.congestion);
  for (const Json& each : json.at("addresses")) {
    d.addresses.push_back(
        {each.at("device").get<std::string>(), each.at("address").get<std::string>()});
  }
  json.at("ssh_connection").get_to(d.ssh_connection);
  json.at("boot_id").get_to(d.boot_id);
}

}  // namespace ub::protocol
