#include "size_range.hpp"

#include <fmt/format.h>

#include "uringbench/base/error.hpp"
#include "uringbench/base/units.hpp"

namespace ub::plan {
namespace {

constexpr std::string_view kDots = "..";

void add_range(std::vector<std::string>& values, const Factor& factor, const std::string& range) {
  const std::size_t dots = range.find(kDots);
  const auto first = parse_size(std::string_view(range).substr(0, dots));
  const auto last = parse_size(std::string_view(range).substr(dots + kDots.size()));
  if (!first || !last || *first == 0 || *first >= *last) {
    throw UsageError(fmt::format(
        "--{}: '{}' is not a range of sizes; one looks like 64..64K, rises, and goes by doubling",
        factor.option, range));
  }
  for (std::uint64_t size = *first; size < *last; size *= 2) {
    values.push_back(format_size(size));
    if (size > *last / 2) break;
  }
  values.push_back(format_size(*last));
}

}  // namespace

std::vector<std::string> with_ranges(const Factor& factor, const std::vector<std::string>& typed) {
  std::vector<std::string> values;
  for (const std::string& each : typed) {
    const bool is_range = factor.key == "size_bytes" && each.find(kDots) != std::string::npos;
    if (is_range) {
      add_range(values, factor, each);
    } else {
      values.push_back(each);
    }
  }
  return values;
}

}  // namespace ub::plan
