#include "uringbench/model/reading.hpp"

namespace ub {
namespace {

Reading difference_of(const Reading& before, const Reading& after) {
  if (std::holds_alternative<Unavailable>(before)) return before;
  if (std::holds_alternative<Unavailable>(after)) return after;
  const Counted& last = std::get<Counted>(after);
  return Counted{last.value - std::get<Counted>(before).value, last.running};
}

}  // namespace

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
