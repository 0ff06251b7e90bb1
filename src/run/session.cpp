#include "session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sample_builder.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/net/poll.hpp"
#include "uringbench/net/token.hpp"
#include "uringbench/run/fleet.hpp"

namespace ub::run {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kPrepareNs = 60 * kSecond;  // 10,000 clients connect in a few seconds
constexpr std::uint64_t kAnswerNs = 5 * kSecond;
constexpr std::uint64_t kFinishNs = 5 * kSecond;
/// A role that is stopped for so long is lost.
constexpr std::uint64_t kLostNs = kSecond;
/// How often that is looked for.
constexpr std::uint64_t kLookNs = kSecond / 2;

void add_prefixed(Facts& all, std::string_view prefix, const Facts& facts) {
  for (const auto& [name, text] : facts) all[fmt::format("{}{}", prefix, name)] = text;
}

}  // namespace

void RoleEnd::ask(const Json& question) {
  if (const auto end = carrier_->send(question)) throw_over(*end);
}

void RoleEnd::take_in() {
  while (!over_) {
    auto received = carrier_->receive();
    if (auto* message = std::get_if<Json>(&received)) {
      arrived_.push_back(std::move(*message));
      continue;
    }
    auto& end = std::get<net::ChannelEnd>(received);
    if (end.kind == net::ChannelEnd::Kind::timeout) return;
    over_ = std::move(end);
  }
}

std::optional<Json> RoleEnd::next() {
  if (arrived_.empty()) return std::nullopt;
  Json message = std::move(arrived_.front());
  arrived_.pop_front();
  return message;
}

void RoleEnd::throw_if_gone() {
  if (!arrived_.empty()) return;
  if (over_) throw_over(*over_);
  if (now_ns() >= silent_until_ns()) throw_gone("its host has been silent for too long");
}

/// A call of the runner's own that failed is not the role's doing.
void RoleEnd::throw_over(const net::ChannelEnd& end) {
  if (end.kind != net::ChannelEnd::Kind::failed) throw_gone(end.reason);
  throw_gone("the runner cannot reach it: " + end.reason);
}

void RoleEnd::throw_if_stopped() {
  const auto since = carrier_->stopped_since_ns();
  if (!since || now_ns() < *since + kLostNs) return;
  throw SampleError(
      Status::failed,
      fmt::format("the {} process has been stopped for {} s, by a signal or a debugger", name_,
                  kLostNs / kSecond));
}

void RoleEnd::throw_gone(const std::string& otherwise) {
  const auto how = carrier_->ended(now_ns() + kSecond);
  throw SampleError(Status::failed, how ? fmt::format("the {} process {}", name_, *how)
                                        : fmt::format("the {}: {}", name_, otherwise));
}

void RoleEnd::throw_unasked() {
  const Json message = *next();
  if (message.at("type") == "failed") {
    throw SampleError(Status::failed, message.value("reason", "it failed and did not say why"));
  }
  throw_gone("spoke unasked");
}

std::optional<std::string> RoleEnd::death() {
  constexpr std::uint64_t kSoonNs = 50'000'000;  // its sockets close before it is gone
  const auto how = carrier_->ended(now_ns() + kSoonNs);
  return how ? std::optional(fmt::format("the {} process {}", name_, *how)) : std::nullopt;
}

Session::Session(const RunnerOptions& options, Launcher& server, Launcher& client)
    : options_(options),
      server_("server", server.start(RoleName::server)),
      client_("client", client.start(RoleName::client)) {
  if (options.started) options.started(server_.id(), client_.id());
}

void Session::watch(std::uint64_t deadline_ns) {
  // poll(2) skips an entry whose fd is negative.
  std::array<pollfd, 3> watched{
      {{options_.interrupt_fd, POLLIN, 0}, {server_.fd(), POLLIN, 0}, {client_.fd(), POLLIN, 0}}};
  const std::uint64_t until = std::min(
      {deadline_ns, server_.silent_until_ns(), client_.silent_until_ns(), now_ns() + kLookNs});
  const SysResult ready = net::poll_until(watched, until);
  if (!ready.ok()) throw_setup_error("waiting for the roles", ready.error);
  if (watched[0].revents != 0) throw Interrupted{};
  server_.throw_if_stopped();
  client_.throw_if_stopped();
  server_.take_in();
  client_.take_in();
}

Json Session::answer(RoleEnd& role, const char* type, std::uint64_t deadline_ns) {
  RoleEnd& other = &role == &server_ ? client_ : server_;
  server_.take_in();
  client_.take_in();
  while (!role.has_message()) {
    role.throw_if_gone();
    other.throw_if_gone();
    if (now_ns() >= deadline_ns) {
      throw SampleError(Status::failed,
                        fmt::format("the {} did not answer '{}' in time", role.name(), type));
    }
    watch(deadline_ns);
  }
  Json json = *role.next();
  const auto got = json.at("type").get<std::string>();
  if (got == type) return json;
  const Status status = got == "unavailable" ? Status::unavailable : Status::failed;
  throw SampleError(status,
                    json.value("reason", fmt::format("the {} answered '{}'", role.name(), got)));
}

void Session::prepare(const Case& the_case, const protocol::Metering& metering) {
  if (drops(the_case.link)) ends_first_ = EndsFirst::server;
  if (connects_per_request(the_case.workload)) ends_first_ = EndsFirst::client;
  protocol::Prepare prepare;
  prepare.the_case = the_case;
  prepare.token = net::draw_token();
  prepare.report_usage = options_.report_usage;
  prepare.histogram = options_.histogram;
  prepare.seed = options_.seed;
  prepare.metering = metering;
  prepare.server_id = server_.id();
  if (options_.fleet != nullptr) {
    prepare.endpoint = options_.fleet->data_endpoint(the_case.transport);
    prepare.last_port = options_.fleet->last_port();
  }
  server_.ask(prepare);
  const Json prepared = answer(server_, "prepared", now_ns() + kPrepareNs);
  prepare.endpoint = protocol::endpoint_from(prepared.at("endpoint"));
  client_.ask(prepare);
  try {
    answer(client_, "prepared", now_ns() + kPrepareNs);
  } catch (const SampleError& error) {
    if (is_sign_of_peer(error.what())) throw_if_server_failed();
    throw;
  }
}

/// A server whose engine failed while clients connected says so when it is to go.
void Session::throw_if_server_failed() {
  server_.ask(protocol::message("go"));
  const std::uint64_t deadline = now_ns() + kSecond;
  while (!server_.has_message() && now_ns() < deadline) {
    server_.throw_if_gone();
    watch(deadline);
  }
  if (!server_.has_message()) return;
  const Json reply = *server_.next();
  const std::string reason = reply.value("reason", "");
  if (!reason.empty() && !is_sign_of_peer(reason)) {
    throw SampleError(Status::failed, "the server: " + reason);
  }
}

void Session::go() {
  server_.ask(protocol::message("go"));
  answer(server_, "going", now_ns() + kPrepareNs);
  client_.ask(protocol::message("go"));
  answer(client_, "going", now_ns() + kPrepareNs);
}

void Session::wait(std::uint64_t duration_ns) {
  const std::uint64_t end = now_ns() + duration_ns;
  server_.take_in();
  client_.take_in();
  while (now_ns() < end) {
    watch(end);
    for (RoleEnd* role : {&server_, &client_}) {
      role->throw_if_gone();
      if (role->has_message()) role->throw_unasked();
    }
  }
}

Edge Session::snapshot(protocol::WindowEdge edge_of_window) {
  Json question = protocol::message("snapshot");
  question["edge"] = edge_of_window == protocol::WindowEdge::begin ? "begin" : "end";
  const std::uint64_t asked_ns = now_ns();
  client_.ask(question);
  server_.ask(question);
  const std::uint64_t deadline = now_ns() + kAnswerNs;
  Edge edge;
  edge.client = answer(client_, "snapshot", deadline).at("snapshot").get<Snapshot>();
  edge.server = answer(server_, "snapshot", deadline).at("snapshot").get<Snapshot>();
  edges_apart_ns_ = std::max(edges_apart_ns_, now_ns() - asked_ns);
  return edge;
}

void Session::throw_if_a_role_died() {
  for (RoleEnd* role : {&server_, &client_}) {
    if (const auto how = role->death()) throw SampleError(Status::failed, *how);
  }
}

Outcome Session::finish() {
  Json question = protocol::message("finish");
  question["within_ns"] = kFinishNs;
  const auto finished = [&](RoleEnd& role) {
    // A server that has to break off takes some more time to collect what is in flight.
    return answer(role, "finished", now_ns() + kFinishNs + 3 * kSecond).get<protocol::Finished>();
  };
  RoleEnd& first = ends_first_ == EndsFirst::client ? client_ : server_;
  RoleEnd& second = &first == &server_ ? client_ : server_;
  first.ask(question);
  if (ends_first_ == EndsFirst::both) second.ask(question);
  const protocol::Finished of_first = finished(first);
  if (ends_first_ != EndsFirst::both) second.ask(question);
  const protocol::Finished of_second = finished(second);
  const protocol::Finished& server = &first == &server_ ? of_first : of_second;
  const protocol::Finished& client = &first == &server_ ? of_second : of_first;
  Outcome outcome{
      {server.snapshot, client.snapshot}, server.granted, {}, client.requests, server.send_timing};
  outcome.server_profile = server.profile;
  outcome.client_profile = client.profile;
  const bool apart = options_.fleet != nullptr && !options_.fleet->shares_kernel();
  if (options_.fleet != nullptr) outcome.edges_apart_ns = edges_apart_ns_;
  outcome.windows = options_.windows;
  outcome.machines = apart ? Machines::two : Machines::one;
  add_prefixed(outcome.effective, "server_", server.effective);
  add_prefixed(outcome.effective, "client_", client.effective);
  return outcome;
}

}  // namespace ub::run
