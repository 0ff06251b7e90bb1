#pragma once

#include <string>

#include "uringbench/model/sample.hpp"

/// What the kernel said of zero-copy sends, over several samples.
namespace ub::report {

/// More than 1 % was copied, which costs a row the name zero-copy (honesty rule 2).
bool was_copied(const ZeroCopyCounts& counts);

/// The same, and not for the one cause that is no copying.
bool was_really_copied(const ZeroCopyCounts& counts);

/// "zero-copy, real 99.8%", "zero-copy asked, 100% copied (local delivery)".
std::string zero_copy_label(const ZeroCopyCounts& counts);

}  // namespace ub::report
