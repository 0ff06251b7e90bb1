#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ub {

/// "; did you mean 'size'?" with the word of `known` that takes the fewest edits to become (a
/// letter added, left out, exchanged, or swapped with its neighbour), if that is at most a third of
/// its letters; else empty.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

}  // namespace ub
