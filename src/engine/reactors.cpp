#include "reactors.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "uringbench/base/affinity.hpp"
#include "uringbench/base/check.hpp"
#include "uringbench/base/thread.hpp"

namespace ub::engine {
namespace {

void add(SendCounts& sum, const SendCounts& counts) {
  sum.messages += counts.messages;
  sum.bytes += counts.bytes;
  sum.operations += counts.operations;
  sum.short_sends += counts.short_sends;
  sum.would_block += counts.would_block;
  sum.buffer_waits += counts.buffer_waits;
  sum.system_calls += counts.system_calls;
  sum.cq_overflows += counts.cq_overflows;
  for (const auto& [name, count] : counts.errors) sum.errors[name] += count;
}

void add(ZeroCopyCounts& sum, const ZeroCopyCounts& counts) {
  sum.sends += counts.sends;
  sum.real += counts.real;
  sum.copied += counts.copied;
  sum.unreported += counts.unreported;
}

void add(ArrivalCounts& sum, const ArrivalCounts& counts) {
  sum.bytes += counts.bytes;
  sum.mapped_bytes += counts.mapped_bytes;
  sum.receives += counts.receives;
  sum.would_block += counts.would_block;
  sum.exhausted += counts.exhausted;
  sum.rearmed += counts.rearmed;
}

void add(EngineCounts& sum, const EngineCounts& counts) {
  add(sum.sends, counts.sends);
  add(sum.zero_copy, counts.zero_copy);
  add(sum.arrivals, counts.arrivals);
  sum.held_peak = std::max(sum.held_peak, counts.held_peak);
  sum.held_peak_bytes = std::max(sum.held_peak_bytes, counts.held_peak_bytes);
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
    finishing.push_back(start_thread("a thread that ends a reactor",
                                     [&reactor, deadline_ns] { reactor->finish(deadline_ns); }));
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
