#pragma once

#include <cstddef>
#include <string>

#include "uringbench/report/page.hpp"

namespace ub::report {

struct RenderedTable {
  std::string head;
  std::string body;
};

/// At most `columns` wide, provided that its columns fit at their least widths, without those that
/// may be left out. No line ends in a blank; every line ends in a line feed.
RenderedTable render(Table table, std::size_t columns);

}  // namespace ub::report
