#include "uringbench/engine/engine.hpp"

#include <fmt/format.h>

#include "epoll_engine.hpp"
#include "pthread_engine.hpp"
#include "uring_engine.hpp"
#include "uringbench/base/affinity.hpp"
#include "uringbench/base/check.hpp"

namespace ub::engine {
namespace {

/// Several engines of one kind that share the clients: each has a thread, a ring or an epoll
/// instance, a message set and a listening socket of its own, so they share nothing but the port,
/// and the kernel spreads connections over them (SO_REUSEPORT, socket(7): by a hash, not evenly).
/// Each runs on one CPU of those of the thread that starts it, in turn.
class Reactors final : public Engine {
 public:
  explicit Reactors(std::vector<std::unique_ptr<EngineCore>> reactors)
      : reactors_(std::move(reactors)) {}

  void start() override;
  void go() override;
  void finish(std::uint64_t deadline_ns) override;
  [[nodiscard]] EngineCounts counts() const override;
  [[nodiscard]] SendTiming send_timing() const override;
  [[nodiscard]] Facts granted() const override;
  [[nodiscard]] Facts connection() const override;

 private:
  std::vector<std::unique_ptr<EngineCore>> reactors_;
};

/// A thread inherits the CPUs of the one that starts it.
void Reactors::start() {
  const CpuList cpus = allowed_cpus();
  for (std::size_t i = 0; i < reactors_.size(); ++i) {
    pin_this_thread({cpus[i % cpus.size()]});
    reactors_[i]->start();
  }
  pin_this_thread(cpus);
}

void Reactors::go() {
  for (const auto& reactor : reactors_) reactor->go();
}

/// All are told before one is waited for, so that none waits for the clients of another.
void Reactors::finish(std::uint64_t deadline_ns) {
  for (const auto& reactor : reactors_) reactor->begin_to_finish(deadline_ns);
  for (const auto& reactor : reactors_) reactor->wait_until_finished();
}

EngineCounts Reactors::counts() const {
  EngineCounts sum;
  for (const auto& reactor : reactors_) {
    const EngineCounts counts = reactor->counts();
    static_cast<ServerCounts&>(sum) += counts;
    sum.accepted += counts.accepted;
    sum.strangers += counts.strangers;
    if (sum.failure.empty()) sum.failure = counts.failure;
  }
  return sum;
}

/// That of the first reactor: a summary of times cannot be added, and the reactors are alike.
SendTiming Reactors::send_timing() const {
  return reactors_.front()->send_timing();
}

Facts Reactors::connection() const {
  return reactors_.front()->connection();
}

Facts Reactors::granted() const {
  Facts facts = reactors_.front()->granted();
  std::string spread;
  for (const auto& reactor : reactors_) {
    spread += fmt::format("{}{}", spread.empty() ? "" : " ", reactor->counts().accepted);
  }
  facts["reactors"] = fmt::to_string(reactors_.size());
  facts["clients_of_reactors"] = spread;
  return facts;
}

std::unique_ptr<EngineCore> make_one(EngineSetup setup) {
  switch (setup.the_case.engine) {
    case EngineKind::pthread:
      return std::make_unique<PthreadEngine>(std::move(setup));
    case EngineKind::epoll:
      return std::make_unique<EpollEngine>(std::move(setup));
    case EngineKind::uring:
      return std::make_unique<UringEngine>(std::move(setup));
  }
  fail_check("every engine kind has an engine");
}

EngineSetup same_with_listener(const EngineSetup& setup, UniqueFd listener) {
  return {.the_case = setup.the_case,
          .path = setup.path,
          .receive = setup.receive,
          .listener = std::move(listener),
          .report_usage = setup.report_usage,
          .watcher = setup.watcher,
          .arrivals = setup.arrivals};
}

}  // namespace

std::unique_ptr<Engine> make_engine(EngineSetup setup) {
  if (setup.more_listeners.empty()) return make_one(std::move(setup));
  std::vector<std::unique_ptr<EngineCore>> reactors;
  for (UniqueFd& listener : setup.more_listeners) {
    reactors.push_back(make_one(same_with_listener(setup, std::move(listener))));
  }
  setup.more_listeners.clear();
  reactors.push_back(make_one(std::move(setup)));
  return std::make_unique<Reactors>(std::move(reactors));
}

}  // namespace ub::engine
