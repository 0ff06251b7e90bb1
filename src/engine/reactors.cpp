#include "reactors.hpp"

#include <fmt/format.h>

#include <thread>

#include "uringbench/base/affinity.hpp"
#include "uringbench/base/check.hpp"

namespace ub::engine {
namespace {

void add(EngineCounts& sum, const EngineCounts& counts) {
  static_cast<ServerCounts&>(sum) += counts;
  sum.accepted += counts.accepted;
  if (sum.failure.empty()) sum.failure = counts.failure;
}

}  // namespace

Reactors::Reactors(std::vector<std::unique_ptr<Engine>> reactors) : reactors_(std::move(reactors)) {
  check(!reactors_.empty(), "there is a reactor");
}

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

void Reactors::finish(std::uint64_t deadline_ns) {
  // At once, so that none waits for the clients of another.
  std::vector<std::jthread> finishing;
  finishing.reserve(reactors_.size());
  for (const auto& reactor : reactors_) {
    finishing.emplace_back([&reactor, deadline_ns] { reactor->finish(deadline_ns); });
  }
}

EngineCounts Reactors::counts() const {
  EngineCounts sum;
  for (const auto& reactor : reactors_) add(sum, reactor->counts());
  return sum;
}

/// Of the first: a summary of times cannot be added, and the reactors are alike.
SendTiming Reactors::send_timing() const {
  return reactors_.front()->send_timing();
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

}  // namespace ub::engine
