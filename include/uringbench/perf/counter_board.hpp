#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "uringbench/model/reading.hpp"
#include "uringbench/perf/counter_source.hpp"

namespace ub::perf {

/// Counters by name, each opened on several targets and read as their sum.
class CounterBoard {
 public:
  /// A target that has ended since it was listed is left out; any other failure makes that counter
  /// Unavailable as a whole, since a sum over a part would be a wrong number. Throws UsageError for
  /// a name that the catalogue does not have. `source` is used here only.
  CounterBoard(std::span<const std::string> names, std::span<const CounterTarget> targets,
               CounterSource& source);

  /// Totals since construction; one system call a counter and target. Any thread may call it.
  [[nodiscard]] Readings read() const;

 private:
  using OnTargets = std::vector<std::unique_ptr<OpenCounter>>;

  std::map<std::string, std::variant<OnTargets, Unavailable>> counters_;
};

}  // namespace ub::perf
