#pragma once

#include <string>

namespace CLI {
class App;
}

namespace ub::cli {

/// A completion script made from the options and subcommands of `app`, the factor table and the
/// modes of this program. `shell` is bash, zsh or fish; throws UsageError for another.
std::string completion(const CLI::App& app, const std::string& shell);

}  // namespace ub::cli
