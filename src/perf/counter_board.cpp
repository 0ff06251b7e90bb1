#include "uringbench/perf/counter_board.hpp"

#include <fmt/format.h>

#include <cerrno>

#include "uringbench/base/error.hpp"

namespace ub::perf {
namespace {

using OnTargets = std::vector<std::unique_ptr<OpenCounter>>;

std::variant<OnTargets, Unavailable> open_on_all(const CounterSpec& spec,
                                                 std::span<const CounterTarget> targets,
                                                 CounterSource& source) {
  OnTargets counters;
  for (const CounterTarget& target : targets) {
    auto opened = source.open(spec, target);
    if (const auto* failure = std::get_if<OpenFailure>(&opened)) {
      if (failure->error == ESRCH) continue;
      return Unavailable{source.explain(spec, target, failure->error)};
    }
    counters.push_back(std::get<std::unique_ptr<OpenCounter>>(std::move(opened)));
  }
  return counters;
}

Reading read_sum(const OnTargets& counters) {
  RawCount sum;
  for (const auto& counter : counters) {
    const auto read = counter->read();
    if (const auto* failed = std::get_if<Unavailable>(&read)) return *failed;
    const RawCount& one = std::get<RawCount>(read);
    sum.count += one.count;
    sum.enabled_ns += one.enabled_ns;
    sum.running_ns += one.running_ns;
  }
  return scaled(sum);
}

}  // namespace

CounterBoard::CounterBoard(std::span<const std::string> names,
                           std::span<const CounterTarget> targets, CounterSource& source) {
  for (const std::string& name : names) {
    const CounterSpec* spec = find_counter(name);
    if (spec == nullptr) throw UsageError(fmt::format("there is no counter named \"{}\"", name));
    counters_.emplace(name, open_on_all(*spec, targets, source));
  }
}

Readings CounterBoard::read() const {
  Readings readings;
  for (const auto& [name, counter] : counters_) {
    const auto* missing = std::get_if<Unavailable>(&counter);
    readings[name] =
        missing != nullptr ? Reading{*missing} : read_sum(std::get<OnTargets>(counter));
  }
  return readings;
}

}  // namespace ub::perf
