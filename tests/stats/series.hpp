#pragma once

#include <cstddef>
#include <vector>

namespace ub::stats {

/// value(0), value(1), ... of `count` whole numbers.
template <typename Value>
std::vector<double> series(int count, const Value& value) {
  std::vector<double> result;
  result.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) result.push_back(value(i));
  return result;
}

}  // namespace ub::stats
