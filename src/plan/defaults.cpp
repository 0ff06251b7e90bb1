#include "defaults.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "uringbench/base/error.hpp"
#include "uringbench/base/unique_fd.hpp"
#include "uringbench/net/message_set.hpp"
#include "uringbench/net/socket_options.hpp"
#include "uringbench/receive/registry.hpp"

namespace ub::plan {
namespace {

constexpr std::uint64_t kRequestBytes = 64;

constexpr const char* kServerCpus = "server-cpus";
constexpr const char* kClientCpus = "client-cpus";

/// CPUs of one role: what was asked, if it can be had, or the default.
std::string cpus_of_role(const AskedFactors& asked, std::string_view option, const CpuList& allowed,
                         int otherwise) {
  const auto typed = asked.find(option);
  if (typed == asked.end()) return fmt::format("{}", otherwise);
  const std::string& text = typed->second.front();
  const auto cpus = parse_cpu_list(text);
  if (!cpus || !std::includes(allowed.begin(), allowed.end(), cpus->begin(), cpus->end())) {
    throw UsageError(
        fmt::format("--{}: '{}' is not a list of CPUs this process may use; it may use {}", option,
                    text, format_cpu_list(allowed)));
  }
  return format_cpu_list(*cpus);
}

/// Tries `options` alone, so that the sentence can name its option.
void check_socket(std::string_view option, const net::SocketOptions& options) {
  const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) throw_setup_error("creating a TCP socket", errno);
  net::apply_options(fd.get(), {});  // what fails here is no fault of the option
  try {
    net::apply_options(fd.get(), options);
  } catch (const SetupError& error) {
    throw UsageError(fmt::format("--{}: {}", option, error.what()));
  }
}

/// A case with the value of one factor, everything else at its default.
Case case_with(std::string_view option, const std::string& value) {
  Case c;
  find_factor(option)->parse(c, value);
  return c;
}

}  // namespace

Machines this_machine() {
  return {.server_cpus = allowed_cpus(),
          .load_cpus = allowed_cpus(),
          .congestion = net::default_congestion()};
}

Defaults::Defaults(const AskedFactors& asked, const Machines& machines)
    : asked_(asked),
      congestion_(machines.congestion),
      server_cpus_(
          cpus_of_role(asked, kServerCpus, machines.server_cpus, machines.server_cpus.back())),
      client_cpus_(
          cpus_of_role(asked, kClientCpus, machines.load_cpus, machines.load_cpus.front())) {}

void Defaults::fill_in(Case& c) const {
  const bool requests = has_requests(c.workload);
  c.server_cpus = server_cpus_;
  c.client_cpus = client_cpus_;
  if (!asked("transport")) c.transport = facts_of(c.link).carries.front();
  if (!asked("congestion")) c.congestion = congestion_;
  if (!asked("nodelay")) c.nodelay = requests ? Switch::on : Switch::off;
  if (!asked("request-size")) c.request_size_bytes = requests ? kRequestBytes : 0;
  if (!asked("depth"))
    c.depth = requests && c.rate_per_s == 0 && !connects_per_request(c.workload) ? 1 : 0;
}

std::uint32_t Defaults::batch_of(const Case& c, const path::Descriptor& path) const {
  if (asked("batch")) return c.batch;
  if (has_requests(c.workload)) return 1;
  const std::uint64_t fitting =
      std::max<std::uint64_t>(path::kDefaultOperationBytes / c.size_bytes, 1);
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(path.default_batch, fitting));
}

/// The working set in effect is a whole number of every batch that a path may take at this size,
/// never fewer than four. It is the same for every mode, also for those that are not in this study,
/// so that nothing but the mode differs, here and between studies.
void Defaults::fill_in_memory(Case& c, const path::Descriptor& path) const {
  std::uint32_t largest = 1;
  for (const path::Descriptor& each : path::registry()) {
    largest = std::max(largest, batch_of(c, each));
  }
  c.batch = batch_of(c, path);
  c.working_set_bytes =
      c.size_bytes * net::effective_count({.size_bytes = c.size_bytes,
                                           .working_set_bytes = c.working_set_asked_bytes,
                                           .fields = c.fields,
                                           .batch = largest});
}

PlannedOfMode plan_case(Case c, const Mode& mode, const Defaults& defaults,
                        const uring::Probe& probe, std::optional<std::uint32_t> batch) {
  c.engine = mode.engine;
  c.path = mode.path->name;
  c.family = mode.path->family;
  defaults.fill_in(c);
  defaults.fill_in_memory(c, *mode.path);
  if (batch) c.batch = *batch;
  if (c.receive.empty() && receives(c.workload)) {
    c.receive = receive::default_for(mode.engine, probe).name;
  }
  std::vector<IdleFactor> idle = reset_idle_factors(c, *mode.path);
  if (facts_of(c.workload).requests == Requests::as_message) c.request_size_bytes = c.size_bytes;
  std::string why = mode.unavailable;
  if (why.empty()) why = why_impossible_case(c, *mode.path, probe);
  return {{std::move(c), std::move(why)}, std::move(idle)};
}

void check_sockets(const AskedFactors& asked) {
  for (const char* option : {"congestion", "send-buffer", "receive-buffer", "client-lowat"}) {
    const auto typed = asked.find(option);
    if (typed == asked.end()) continue;
    for (const std::string& value : typed->second) {
      const Case c = case_with(option, value);
      net::SocketOptions options = net::client_options(c);
      options.congestion = c.congestion;
      options.send_buffer_bytes = c.send_buffer_bytes;
      // What a client may wait for depends on its receive buffer, which must be set first.
      const auto buffer = asked.find("receive-buffer");
      if (c.client_lowat_bytes > 0 && buffer != asked.end()) {
        options.receive_buffer_bytes =
            case_with("receive-buffer", buffer->second.front()).receive_buffer_bytes;
      }
      check_socket(option, options);
    }
  }
}

}  // namespace ub::plan
