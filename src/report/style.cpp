#include "style.hpp"

#include <fmt/format.h>

namespace ub::report {
namespace {

int sgr_code(Style style) {
  switch (style) {
    case Style::title:
      return 1;  // bold
    case Style::head:
      return 2;  // faint
    case Style::warning:
      return 33;  // yellow
  }
  return 0;
}

}  // namespace

std::string styled(std::string lines, Style style, Colour colour) {
  if (colour == Colour::off || lines.empty()) return lines;
  lines.pop_back();  // the reset stands before the last line feed, so that no style leaks into a
                     // prompt
  return fmt::format("\x1b[{}m{}\x1b[0m\n", sgr_code(style), lines);
}

}  // namespace ub::report
