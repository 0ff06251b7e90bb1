#include "uringbench/base/closest.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ub {
namespace {

/// Optimal string alignment, row by row.
std::size_t edits(std::string_view from, std::string_view to) {
  std::vector<std::size_t> before_last(to.size() + 1);
  std::vector<std::size_t> last(to.size() + 1);
  std::vector<std::size_t> row(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t exchanged = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, exchanged});
      const bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[to.size()];
}

}  // namespace

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  constexpr std::size_t kLongest = 64;  // no option, mode or value is longer
  if (word.size() > kLongest) return "";
  const std::string* closest = nullptr;
  std::size_t fewest = 0;
  for (const std::string& each : known) {
    const std::size_t count = edits(word, each);
    if (3 * count > std::max(each.size(), word.size())) continue;
    if (closest != nullptr && count >= fewest) continue;
    closest = &each;
    fewest = count;
  }
  return closest == nullptr ? "" : fmt::format("; did you mean '{}'?", *closest);
}

}  // namespace ub
