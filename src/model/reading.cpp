#include "uringbench/model/reading.hpp"

namespace ub {
namespace {

RawCount operator-(const RawCount& last, const RawCount& first) {
  return {last.count - first.count, last.enabled_ns - first.enabled_ns,
          last.running_ns - first.running_ns};
}

bool runs_backwards(const RawCount& first, const RawCount& last) {
  return last.count < first.count || last.enabled_ns < first.enabled_ns ||
         last.running_ns < first.running_ns;
}

Reading difference_of(const Counted& first, const Counted& last) {
  if (!first.raw || !last.raw) return Counted{last.value - first.value, last.running};
  if (runs_backwards(*first.raw, *last.raw)) {
    return Unavailable{"the counter ran backwards between two reads"};
  }
  return scaled(*last.raw - *first.raw);
}

Reading difference_of(const Reading& before, const Reading& after) {
  if (std::holds_alternative<Unavailable>(before)) return before;
  if (std::holds_alternative<Unavailable>(after)) return after;
  return difference_of(std::get<Counted>(before), std::get<Counted>(after));
}

}  // namespace

Reading scaled(const RawCount& raw) {
  if (raw.enabled_ns == 0) {
    return Unavailable{"never enabled: no counted thread ran while it was open"};
  }
  if (raw.running_ns == 0) {
    return Unavailable{
        "never scheduled: the hardware counters were all taken; count fewer events at a time, or "
        "stop other profilers (and kernel.nmi_watchdog=0 frees one counter)"};
  }
  const double running = static_cast<double>(raw.running_ns) / static_cast<double>(raw.enabled_ns);
  return Counted{static_cast<double>(raw.count) / running, running, raw};
}

Readings difference(const Readings& before, const Readings& after) {
  Readings result;
  for (const auto& [name, last] : after) {
    const auto first = before.find(name);
    result[name] = first == before.end()
                       ? Reading{Unavailable{"not counted at the start of the window"}}
                       : difference_of(first->second, last);
  }
  return result;
}

double value_or(const Reading& reading, double otherwise) {
  const auto* counted = std::get_if<Counted>(&reading);
  return counted != nullptr ? counted->value : otherwise;
}

}  // namespace ub
