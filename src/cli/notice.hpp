#pragma once

#include <string_view>

namespace ub::cli {

/// "uringbench: <sentence>" as one line on standard error, whatever was typed or read: no text may
/// break or steer it. Nothing for an empty sentence. Where standard error is closed nobody can be
/// told, and that is no failure.
void notice(std::string_view sentence);

}  // namespace ub::cli
