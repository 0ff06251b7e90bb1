// A sequence of questions against a role: what a runner may ask in whatever order, with whatever
// values. Both roles are behind one host, connected to each other over loopback, so that `go` and
// `finish` do what they do in a study.
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <thread>

#include "client_role.hpp"
#include "json_mutator.hpp"
#include "role_host.hpp"
#include "server_role.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"

namespace ub::role {
namespace {

/// Larger ones are as good, but take longer.
void refuse_large(const Case& c) {
  constexpr std::uint32_t kClients = 3;
  constexpr std::uint64_t kSizeBytes = 64U << 10U;
  constexpr std::uint64_t kSetBytes = 1U << 20U;
  if (c.clients > kClients || c.size_bytes > kSizeBytes || c.working_set_bytes > kSetBytes ||
      c.duration_ns > 1'000'000'000 || c.link != Link::loopback) {
    throw SetupError("more than a fuzz target has time for");
  }
}

class BothRoles final : public Role {
 public:
  net::Endpoint prepare(const protocol::Prepare& asked) override {
    refuse_large(asked.the_case);
    protocol::Prepare prepare = asked;
    prepare.endpoint = {};  // loopback, and no port of others
    prepare.last_port = 0;
    prepare.endpoint = server_.prepare(prepare);
    prepare.server_id = ::getpid();
    client_.prepare(prepare);
    return prepare.endpoint;
  }
  [[nodiscard]] std::string cpus_of(const Case& c) const override { return server_.cpus_of(c); }
  void go() override {
    server_.go();
    client_.go();
  }
  void mark(protocol::WindowEdge edge) override {
    server_.mark(edge);
    client_.mark(edge);
  }
  void fill(Snapshot& snapshot) const override {
    client_.fill(snapshot);
    server_.fill(snapshot);
  }
  /// Both at once, as the runner asks: each may wait for the other.
  void finish(std::uint64_t deadline_ns) override {
    constexpr std::uint64_t kPatienceNs = 500'000'000;
    const std::uint64_t end = std::min(deadline_ns, now_ns() + kPatienceNs);
    std::thread client([&] { client_.finish(end); });
    server_.finish(end);
    client.join();
  }
  void conclude(protocol::Finished& finished) const override {
    client_.conclude(finished);
    server_.conclude(finished);
  }

 private:
  ServerRole server_;
  ClientRole client_;
};

}  // namespace
}  // namespace ub::role

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  std::signal(SIGPIPE, SIG_IGN);  // as a role does
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string questions;
  for (const auto line : ub::fuzz::lines_of({reinterpret_cast<const char*>(data), size})) {
    // What is no JSON ends a role at once; that is for the target `channel`.
    if (ub::Json::accept(line)) questions += ub::fuzz::framed(line);
  }
  ub::fuzz::ChannelWithInput input(questions);
  ub::role::BothRoles roles;
  (void)ub::role::RoleHost(roles, input.channel).serve();
  return 0;
}
