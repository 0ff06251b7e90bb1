#pragma once

#include <cstddef>

namespace ub::cli {

/// TERM names a terminal that can move its cursor and has colours: not "dumb", nor empty.
bool takes_control_sequences();

/// Columns of the terminal at `fd`: what it says, else COLUMNS, else `usual`; 20 at the least.
std::size_t columns_of(int fd, std::size_t usual = 80);

}  // namespace ub::cli
