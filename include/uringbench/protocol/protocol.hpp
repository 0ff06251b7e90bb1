#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "uringbench/model/json.hpp"
#include "uringbench/net/socket.hpp"
#include "uringbench/protocol/metering.hpp"
#include "uringbench/protocol/profile_report.hpp"

/// The messages between the runner and its two roles. The runner asks, a role answers each question
/// once:
///
///   prepare  {case, endpoint, metering, …} → prepared {endpoint}     set up; clients connect
///   go       {}                             → going {}              the load begins
///   snapshot {edge}                         → snapshot {snapshot}   the totals of now, which begin
///                                                                   or end the measured window
///   finish   {within_ns}                    → finished {snapshot, granted, effective, …}
///
/// Any answer may be `unavailable {reason}` (this machine cannot have it) or `failed {reason}`
/// instead.
namespace ub::protocol {

enum class WindowEdge { begin, end };

struct Prepare {
  Case the_case;
  /// Client: where to connect. Server, between hosts: where to listen; else the case's link says.
  net::Endpoint endpoint = {};
  std::uint16_t last_port = 0;  ///< of the range in which the server may listen; 0: that port alone
  std::string token = {};       ///< that tells this sample's clients from strangers (net/token.hpp)
  bool report_usage = false;
  Switch histogram = Switch::off;  ///< the whole latency histogram is wanted
  std::uint64_t seed = 1;          ///< of what the load generator draws
  Metering metering = {};
  int server_id = 0;  ///< process of the server, whose network the client of some links joins
};

struct Finished {
  Snapshot snapshot;
  Facts granted;
  Facts effective;
  std::optional<RequestFigures> requests = std::nullopt;  ///< client
  std::optional<SendTiming> send_timing = std::nullopt;   ///< server
  MaybeProfile profile = {};  ///< of a role that was asked to profile itself
};

Json message(const char* type);

/// The same with the number of the role that it is about (agent.hpp).
Json numbered(const char* type, std::uint64_t number);

/// The command line of a role of this program, for the process that starts it; its channel is
/// descriptor `channel_fd` there. `name`: "server" or "client".
std::vector<std::string> role_command(const std::string& name, int channel_fd);

void to_json(Json& json, const Prepare& prepare);
void from_json(const Json& json, Prepare& prepare);
void to_json(Json& json, const Finished& finished);
void from_json(const Json& json, Finished& finished);

/// Throws Json::exception for what is no number of a process.
int process_id_at(const Json& json, const char* name);

/// Fields "address" and "port" of an endpoint.
Json endpoint_json(const net::Endpoint& endpoint);
net::Endpoint endpoint_from(const Json& json);

}  // namespace ub::protocol
