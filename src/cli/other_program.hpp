#pragma once

#include <string>

namespace ub::cli {

/// Throws UsageError with the reason if `program` cannot be started, or its roles do not speak as
/// those of this program do.
void require_same_protocol(const std::string& program);

/// How a table names it: its path and what it says of its version.
std::string program_named(const std::string& program);

}  // namespace ub::cli
