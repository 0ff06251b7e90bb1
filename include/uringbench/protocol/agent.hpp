#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "uringbench/model/environment.hpp"
#include "uringbench/model/json.hpp"

/// The messages between the runner and an agent, the one process of a host that starts its roles.
/// They travel over the agent's standard input and output. What a login script prints before is
/// skipped: the channel begins after a line that nobody prints by chance.
///
///   agent                                       runner
///   kMagicLine, hello {protocol, version, …} →
///                                             ← describe {}
///   description {facts, probe, …}            →
///                                             ← card {address, toward}
///   card {facts}                             →
///                                             ← start {number, role}      a fresh process
///   started {number, id}                     →
///                                             ↔ role {number, message}    both ways, as they come
///   ended {number, reason}                   →                            unasked, when it dies
///                                             ← stop {number}
///   stopped {number}                         →
///
/// Both say `beat {}` every kBeatNs, whatever else they do. Who hears nothing for kSilenceNs takes
/// the other for lost. An answer may be `failed {reason}` instead.
namespace ub::protocol {

inline constexpr std::string_view kMagicLine = "uringbench-agent: messages follow this line";
/// What may come before it: banners, messages of the day.
inline constexpr std::size_t kMostGarbageBytes = 64U << 10U;

inline constexpr int kAgentProtocol = 2;
inline constexpr std::uint64_t kBeatNs = 500'000'000;
inline constexpr std::uint64_t kSilenceNs = 2'000'000'000;

struct Hello {
  int protocol = kAgentProtocol;
  std::string version;
  std::string build;         ///< "Release"
  std::string architecture;  ///< "x86_64"

  friend bool operator==(const Hello&, const Hello&) = default;
};

/// The hello of this program, on this machine.
Hello own_hello();

/// Why roles of `theirs` cannot take part in a study of `ours`, and what to do; empty when they
/// can.
std::string why_incompatible(const Hello& theirs, const Hello& ours);

/// One feature of the other kernel's io_uring, by name (uring::FindingText).
struct ProbeLine {
  std::string name;
  std::string support = {};  ///< "present", "missing", "untried"
  std::string how;
  std::string detail;

  friend bool operator==(const ProbeLine&, const ProbeLine&) = default;
};

/// An address that a server could listen on.
struct HostAddress {
  std::string device;
  std::string address;

  friend bool operator==(const HostAddress&, const HostAddress&) = default;
};

/// What a host says of itself before a study.
struct Description {
  Facts facts;
  std::vector<ProbeLine> probe;
  std::string cpus_allowed;            ///< a CPU list
  std::string congestion;              ///< what its sockets get by default
  std::vector<HostAddress> addresses;  ///< global ones, of all devices but loopback
  std::string ssh_connection = {};     ///< SSH_CONNECTION (ssh(1)); empty without ssh
  std::string boot_id = {};            ///< equal on two "hosts" that share a kernel

  friend bool operator==(const Description&, const Description&) = default;
};

void to_json(Json& json, const Hello& hello);
void from_json(const Json& json, Hello& hello);
void to_json(Json& json, const Description& description);
void from_json(const Json& json, Description& description);

}  // namespace ub::protocol
