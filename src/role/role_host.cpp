#include "role_host.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <limits>
#include <stdexcept>

#include "uringbench/base/affinity.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/model/factor.hpp"
#include "uringbench/net/poll.hpp"

namespace ub::role {
namespace {

/// VmHWM of /proc/self/status (proc(5)), in bytes. Not ru_maxrss, which a spawned process inherits
/// from the one that started it; 0 would mean no memory at all, so it can only mean that /proc is
/// missing.
std::uint64_t peak_rss_bytes() {
  std::ifstream status("/proc/self/status");
  std::string name;
  while (status >> name) {
    std::uint64_t kib = 0;
    if (name == "VmHWM:" && status >> kib) return kib << 10U;
    status.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return 0;
}

Json refusal(const char* type, const std::string& reason) {
  Json json = protocol::message(type);
  json["reason"] = reason;
  return json;
}

/// What was short just now, or was interrupted, says nothing of what can be had here.
bool is_shortage(int error) {
  switch (error) {
    case EAGAIN:
    case EINTR:
    case EIO:
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
    case ENOSPC:
      return true;
    default:
      return false;
  }
}

/// A role that is asked to end within this or later ends within this.
constexpr std::uint64_t kLongestNs = 60'000'000'000;

void advance(Stage& stage, Stage from, Stage to, std::string_view question) {
  if (stage != from) {
    throw std::runtime_error(fmt::format("the runner asked '{}' out of order", question));
  }
  stage = to;
}

/// A role trusts neither order nor values of what it is told.
void check_case(const Case& the_case) {
  std::string why = why_out_of_range(the_case);
  if (why.empty()) why = why_impossible(the_case);
  if (!why.empty()) throw SetupError("the runner asked for what cannot be: " + why);
}

}  // namespace

int RoleHost::serve() {
  for (;;) {
    const auto received = channel_.receive(next_wake_ns());
    if (const auto* end = std::get_if<net::ChannelEnd>(&received)) {
      if (end->kind == net::ChannelEnd::Kind::timeout) {
        wake();
        continue;
      }
      if (end->kind == net::ChannelEnd::Kind::closed) return 0;
      return leave(end->reason);
    }
    Json reply;
    try {
      reply = answer(std::get<Json>(received));
    } catch (const SetupError& error) {
      stage_ = Stage::failed;
      reply = refusal(is_shortage(error.error()) ? "failed" : "unavailable", error.what());
    } catch (const std::exception& error) {
      stage_ = Stage::failed;
      reply = refusal("failed", error.what());
    }
    if (const auto end = channel_.send(reply)) return leave(end->reason);
  }
}

/// Whoever ends without a word leaves only its exit status; so this waits until it was heard.
int RoleHost::leave(const std::string& why) {
  constexpr std::uint64_t kHeardNs = 2'000'000'000;
  channel_.last_words(refusal("failed", "the control channel of a role broke: " + why));
  pollfd runner{channel_.fd(), 0, 0};  // POLLHUP alone
  (void)net::poll_until({&runner, 1}, now_ns() + kHeardNs);
  return 1;
}

Json RoleHost::answer(const Json& question) {
  const auto type = question.at("type").get<std::string>();
  if (type == "prepare") {
    advance(stage_, Stage::fresh, Stage::prepared, type);
    return prepare(question);
  }
  if (type == "go") {
    advance(stage_, Stage::prepared, Stage::running, type);
    role_.go();
    return protocol::message("going");
  }
  if (type == "snapshot") {
    const auto edge = question.at("edge").get<std::string>();
    const bool begins = edge == "begin";
    if (begins) advance(stage_, Stage::running, Stage::in_window, "snapshot begin");
    if (!begins) advance(stage_, Stage::in_window, Stage::after_window, "snapshot end");
    Json reply = protocol::message("snapshot");
    reply["snapshot"] = take_edge(begins ? protocol::WindowEdge::begin : protocol::WindowEdge::end);
    return reply;
  }
  if (type == "finish") {
    advance(stage_, Stage::after_window, Stage::finished, type);
    return finish(now_ns() +
                  std::min(Fields(question).at("within_ns").get<std::uint64_t>(), kLongestNs));
  }
  return refusal("failed", fmt::format("'{}' is no question of the control protocol", type));
}

Json RoleHost::prepare(const Json& question) {
  const auto asked = question.get<protocol::Prepare>();
  check_case(asked.the_case);
  meters_.emplace(perf::CounterSelection{asked.metering.counters}, role_.cpus_of(asked.the_case));
  if (asked.metering.profile != ProfileScope::off) {
    profiler_.emplace(asked.metering, role_.cpus_of(asked.the_case), asked.the_case.duration_ns);
  }
  Json reply = protocol::message("prepared");
  reply["endpoint"] = protocol::endpoint_json(role_.prepare(asked));
  return reply;
}

Snapshot RoleHost::snapshot() const {
  Snapshot snapshot;
  role_.fill(snapshot);
  snapshot.time_ns = now_ns();
  if (meters_) snapshot.usage = meters_->read();
  snapshot.peak_rss_bytes = peak_rss_bytes();
  return snapshot;
}

/// The sampler runs a little longer than the window, so that neither edge has it start or stop.
Snapshot RoleHost::take_edge(protocol::WindowEdge edge) {
  if (profiler_ && edge == protocol::WindowEdge::begin) profiler_->start();
  role_.mark(edge);
  Snapshot now = snapshot();
  if (edge == protocol::WindowEdge::begin) pauses_.begin();
  if (edge == protocol::WindowEdge::end) now.usage.longest_pause_ns = pauses_.end();
  if (edge == protocol::WindowEdge::begin) window_.start_ns = now.time_ns;
  if (edge == protocol::WindowEdge::end) window_.end_ns = now.time_ns;
  if (profiler_ && edge == protocol::WindowEdge::end) profiler_->stop();
  return now;
}

protocol::Finished RoleHost::finish(std::uint64_t deadline_ns) {
  role_.finish(deadline_ns);
  protocol::Finished finished;
  finished.snapshot = snapshot();
  role_.conclude(finished);
  if (profiler_) finished.profile = profiler_->report(window_);
  return finished;
}

std::uint64_t RoleHost::next_wake_ns() const {
  if (pauses_.running()) return now_ns() + PauseWatch::kTickNs;
  return profiler_ && profiler_->running() ? now_ns() + RoleProfiler::kDrainNs
                                           : std::numeric_limits<std::uint64_t>::max();
}

void RoleHost::wake() {
  if (pauses_.running()) pauses_.look();
  if (!profiler_ || !profiler_->running() || now_ns() < next_drain_ns_) return;
  profiler_->drain();
  next_drain_ns_ = now_ns() + RoleProfiler::kDrainNs;
}

}  // namespace ub::role
