#pragma once

#include <string>
#include <string_view>

namespace ub {

/// "0.1.0".
std::string_view program_version();

/// How the program was built, as the build system named it: "Release", "Debug", "RelWithDebInfo".
std::string_view build_type();

/// Empty for a build that may measure; otherwise the sentence every output must carry (honesty rule
/// 7).
std::string_view build_warning();

}  // namespace ub
