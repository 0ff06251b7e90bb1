#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace ub::cli {

inline constexpr const char* kRunCommand = "run";
inline constexpr const char* kAblateCommand = "ablate";
inline constexpr const char* kExplainCommand = "explain";

/// The commands for people, in the order of the help.
std::vector<std::string> command_names(const CLI::App& app);

/// What is wrong with a command line that CLI11 refused: one sentence that names the word and what
/// would be accepted.
std::string explain(const CLI::App& app, const CLI::ParseError& error);

/// Throws UsageError for an option of `run` before a command that has no use for it: a command line
/// must not look as if it had an effect that it has not.
void refuse_idle_options(const CLI::App& app);

}  // namespace ub::cli
