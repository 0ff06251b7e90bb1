#include "session.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>

#include "uringbench/base/clock.hpp"

namespace ub::run {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kPrepareNs = 60 * kSecond;  // 10,000 clients connect in a few seconds
constexpr std::uint64_t kAnswerNs = 5 * kSecond;
constexpr std::uint64_t kFinishNs = 5 * kSecond;

std::vector<std::string> role_arguments(const char* name) {
  return {"uringbench",
          "role",
          name,
          "--channel",
          fmt::format("{}", ChildProcess::kChannelFd),
          "--parent",
          fmt::format("{}", ::getpid())};
}

void add_prefixed(Facts& all, std::string_view prefix, const Facts& facts) {
  for (const auto& [name, text] : facts) all[fmt::format("{}{}", prefix, name)] = text;
}

}  // namespace

RoleProcess::RoleProcess(const std::string& program, const char* name, int interrupt_fd)
    : RoleProcess(program, name, interrupt_fd, net::channel_pair()) {}

RoleProcess::RoleProcess(const std::string& program, const char* name, int interrupt_fd,
                         std::pair<UniqueFd, UniqueFd> ends)
    : name_(name),
      interrupt_fd_(interrupt_fd),
      channel_(std::move(ends.first)),
      process_(program, role_arguments(name), std::move(ends.second)) {}

void RoleProcess::ask(const Json& question) {
  if (const auto end = channel_.send(question)) throw_gone(end->reason);
}

Json RoleProcess::answer(const char* type, std::uint64_t deadline_ns) {
  const auto received = channel_.receive(deadline_ns, interrupt_fd_);
  if (const auto* end = std::get_if<net::ChannelEnd>(&received)) {
    if (end->kind == net::ChannelEnd::Kind::interrupted) throw Interrupted{};
    if (end->kind == net::ChannelEnd::Kind::timeout) {
      throw SampleError(Status::failed,
                        fmt::format("the {} did not answer '{}' in time", name_, type));
    }
    throw_gone(end->reason);
  }
  const Json& json = std::get<Json>(received);
  const auto got = json.at("type").get<std::string>();
  if (got == type) return json;
  const Status status = got == "unavailable" ? Status::unavailable : Status::failed;
  throw SampleError(status, json.value("reason", fmt::format("the {} answered '{}'", name_, got)));
}

void RoleProcess::throw_gone(const std::string& otherwise) {
  const auto how = process_.ended(now_ns() + kSecond);
  throw SampleError(Status::failed, how ? fmt::format("the {} process {}", name_, *how)
                                        : fmt::format("the {}: {}", name_, otherwise));
}

std::optional<std::string> RoleProcess::death() {
  constexpr std::uint64_t kSoonNs = 50'000'000;  // its sockets close before it is gone
  const auto how = process_.ended(now_ns() + kSoonNs);
  return how ? std::optional(fmt::format("the {} process {}", name_, *how)) : std::nullopt;
}

Session::Session(const RunnerOptions& options)
    : options_(options),
      server_(options.program, "server", options.interrupt_fd),
      client_(options.program, "client", options.interrupt_fd) {
  if (options.started) options.started(server_.id(), client_.id());
}

void Session::prepare(const Case& the_case, const protocol::Metering& metering) {
  server_first_ = drops(the_case.link);
  protocol::Prepare prepare;
  prepare.the_case = the_case;
  prepare.report_usage = options_.report_usage;
  prepare.histogram = options_.histogram;
  prepare.seed = options_.seed;
  prepare.metering = metering;
  prepare.server_id = server_.id();
  server_.ask(prepare);
  const Json prepared = server_.answer("prepared", now_ns() + kPrepareNs);
  prepare.endpoint = protocol::endpoint_from(prepared.at("endpoint"));
  client_.ask(prepare);
  client_.answer("prepared", now_ns() + kPrepareNs);
}

void Session::go() {
  server_.ask(protocol::message("go"));
  server_.answer("going", now_ns() + kPrepareNs);
  client_.ask(protocol::message("go"));
  client_.answer("going", now_ns() + kPrepareNs);
}

void Session::wait(std::uint64_t duration_ns) {
  // Nobody speaks unasked: a channel that becomes readable has closed.
  std::array<pollfd, 3> watched{{{.fd = options_.interrupt_fd, .events = POLLIN, .revents = 0},
                                 {.fd = server_.channel_fd(), .events = POLLIN, .revents = 0},
                                 {.fd = client_.channel_fd(), .events = POLLIN, .revents = 0}}};
  const std::uint64_t end = now_ns() + duration_ns;
  for (std::uint64_t now = now_ns(); now < end; now = now_ns()) {
    const std::uint64_t left = end - now;
    const timespec timeout{.tv_sec = static_cast<time_t>(left / kSecond),
                           .tv_nsec = static_cast<long>(left % kSecond)};
    if (::ppoll(watched.data(), watched.size(), &timeout, nullptr) <= 0) continue;
    if (watched[0].revents != 0) throw Interrupted{};
    if (watched[1].revents != 0) server_.throw_gone("spoke unasked");
    if (watched[2].revents != 0) client_.throw_gone("spoke unasked");
  }
}

Edge Session::snapshot(protocol::WindowEdge edge_of_window) {
  Json question = protocol::message("snapshot");
  question["edge"] = edge_of_window == protocol::WindowEdge::begin ? "begin" : "end";
  client_.ask(question);
  server_.ask(question);
  const std::uint64_t deadline = now_ns() + kAnswerNs;
  Edge edge;
  edge.client = client_.answer("snapshot", deadline).at("snapshot").get<Snapshot>();
  edge.server = server_.answer("snapshot", deadline).at("snapshot").get<Snapshot>();
  return edge;
}

void Session::throw_if_a_role_died() {
  for (RoleProcess* role : {&server_, &client_}) {
    if (const auto how = role->death()) throw SampleError(Status::failed, *how);
  }
}

Outcome Session::finish() {
  Json question = protocol::message("finish");
  question["within_ns"] = kFinishNs;
  server_.ask(question);
  if (!server_first_) client_.ask(question);
  // A server that has to break off takes some more time to collect what is in flight.
  const std::uint64_t deadline = now_ns() + kFinishNs + 3 * kSecond;
  const auto server = server_.answer("finished", deadline).get<protocol::Finished>();
  if (server_first_) client_.ask(question);
  const auto client = client_.answer("finished", deadline).get<protocol::Finished>();
  Outcome outcome{
      {server.snapshot, client.snapshot}, server.granted, {}, client.requests, server.send_timing};
  outcome.server_profile = server.profile;
  outcome.client_profile = client.profile;
  add_prefixed(outcome.effective, "server_", server.effective);
  add_prefixed(outcome.effective, "client_", client.effective);
  return outcome;
}

}  // namespace ub::run
