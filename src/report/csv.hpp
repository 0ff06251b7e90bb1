#pragma once

#include <string>
#include <string_view>

#include "uringbench/model/sample.hpp"

namespace ub::report {

/// A field as RFC 4180 wants it: quoted if it holds a comma, a quote or a line break, quotes
/// doubled.
std::string csv_field(std::string_view text);

/// Names of the columns and one row, each a whole line.
std::string csv_header();
std::string csv_row(const Sample& sample);

}  // namespace ub::report
