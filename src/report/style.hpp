#pragma once

#include <string>

#include "uringbench/report/reporter.hpp"

namespace ub::report {

/// What a piece of a table is, for terminals that show it. Never a judgement of a figure: a green
/// ratio would be a claim without an interval.
enum class Style { title, head, warning };

/// `lines` (whole lines) in the style, as SGR escape codes (ECMA-48); as they are when `colour` is
/// off.
std::string styled(std::string lines, Style style, Colour colour);

}  // namespace ub::report
