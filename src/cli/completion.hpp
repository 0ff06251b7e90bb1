#pragma once

#include <string>

namespace CLI {
class App;
}

namespace ub::cli {

/// A bash completion script made from the options and subcommands of `app` and the modes of this
/// program. To be sourced, or put into /usr/share/bash-completion/completions/uringbench.
std::string bash_completion(const CLI::App& app);

}  // namespace ub::cli
