#pragma once

#include <string>
#include <string_view>

namespace ub::net {

/// The value of a sysctl by its dotted name, "net.core.wmem_max", for a message; "unreadable" where
/// /proc does not show it (some containers).
std::string sysctl_text(std::string_view name);

}  // namespace ub::net
