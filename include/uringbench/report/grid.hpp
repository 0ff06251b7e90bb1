#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "uringbench/model/case.hpp"

namespace ub::report {

/// One mode of `uringbench list`.
struct GridRow {
  std::string mode;
  Family family = Family::none;
  std::string summary;             ///< what the path does, one line
  std::string copies;              ///< CPU copies of the payload on the server's side
  std::string unavailable_reason;  ///< empty: available here
};

/// For people, at most 100 columns wide: the modes, then what each path does.
void write_grid_table(std::ostream& out, const std::vector<GridRow>& rows);

/// {"schema":1,"modes":[{"mode","family","summary","copies","available":true|false,
/// "unavailable_reason":null|"..."}]}
void write_grid_json(std::ostream& out, const std::vector<GridRow>& rows);

}  // namespace ub::report
