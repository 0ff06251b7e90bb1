// The runner's session against a role that answers whatever it likes. The first line is the case,
// the lines after it are the answers of the server and the load generator, in turn.
#include "json_mutator.hpp"
#include "launcher.hpp"
#include "sample_builder.hpp"
#include "session.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/model/factor.hpp"

namespace ub::run {
namespace {

class HostileRole final : public RoleCarrier {
 public:
  explicit HostileRole(const std::string& answers) : input_(answers) {}

  std::optional<net::ChannelEnd> send(const Json& /*question*/) override { return std::nullopt; }
  std::variant<Json, net::ChannelEnd> receive() override {
    if (answered_) return net::ChannelEnd{net::ChannelEnd::Kind::timeout, ""};
    answered_ = true;
    return input_.channel.receive(now_ns());
  }
  [[nodiscard]] int fd() const override {
    answered_ = false;  // about to be waited for: the next answer may come
    return input_.channel.fd();
  }
  std::optional<std::string> ended(std::uint64_t /*deadline_ns*/) override { return "ended"; }
  [[nodiscard]] int id() const override { return 1; }

 private:
  fuzz::ChannelWithInput input_;
  mutable bool answered_ = true;  ///< one answer a question: else a role "spoke unasked" at once
};

class HostileLauncher final : public Launcher {
 public:
  explicit HostileLauncher(std::string answers) : answers_(std::move(answers)) {}
  std::unique_ptr<RoleCarrier> start(RoleName /*name*/) override {
    return std::make_unique<HostileRole>(answers_);
  }

 private:
  std::string answers_;
};

std::optional<Case> case_in(std::string_view line) {
  try {
    const Case c = Json::parse(line).get<Case>();
    if (why_out_of_range(c).empty() && why_impossible(c).empty()) return c;
  } catch (const Json::exception&) {
  }
  return std::nullopt;  // the runner makes its cases itself
}

void take_sample(const Case& the_case, HostileLauncher& server, HostileLauncher& client) {
  const RunnerOptions options;
  try {
    Session session(options, server, client);
    session.prepare(the_case, {});
    session.go();
    const Edge before = session.snapshot(protocol::WindowEdge::begin);
    const Edge after = session.snapshot(protocol::WindowEdge::end);
    const Sample sample = build_sample(the_case, before, after, session.finish());
    const std::string line = Json(sample).dump();
    (void)Json::parse(line).get<Sample>();  // what is kept can be read again
  } catch (const SampleError&) {
  } catch (const SetupError&) {
  } catch (
      const Json::exception&) {  // an answer that nobody can read costs the sample (runner.cpp)
  }
}

}  // namespace
}  // namespace ub::run

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::string_view> lines =
      ub::fuzz::lines_of({reinterpret_cast<const char*>(data), size});
  if (lines.empty()) return 0;
  const auto the_case = ub::run::case_in(lines.front());
  if (!the_case) return 0;
  std::string answers[2];
  for (std::size_t i = 1; i < lines.size(); ++i) answers[(i - 1) % 2] += ub::fuzz::framed(lines[i]);
  ub::run::HostileLauncher server(answers[0]);
  ub::run::HostileLauncher client(answers[1]);
  ub::run::take_sample(*the_case, server, client);
  return 0;
}
