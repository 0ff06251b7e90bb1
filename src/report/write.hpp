#pragma once

#include <ostream>
#include <string_view>

#include "uringbench/base/error.hpp"

namespace ub::report {

/// Writes and flushes. Throws SetupError when the stream fails: results that were not written must
/// not look as if they were.
inline void write(std::ostream& out, std::string_view text) {
  out << text << std::flush;
  if (!out) {
    throw SetupError(
        "cannot write the results: the disk is full or the reader has closed the pipe");
  }
}

}  // namespace ub::report
