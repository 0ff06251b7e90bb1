#pragma once

#include <string>
#include <vector>

namespace ub::run {

/// The command whose standard input and output reach an agent on `host`, as an option of the
/// command line names it. `remote_program` is the program there; empty: this one's own path behind
/// `exec:`, "uringbench" over ssh. Throws UsageError, beginning with `option`, for what is no host.
std::vector<std::string> host_command(const std::string& option, const std::string& host,
                                      const std::string& remote_program);

}  // namespace ub::run
