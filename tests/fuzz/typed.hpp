#pragma once

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "arguments.hpp"
#include "complaint.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/plan/builder.hpp"

/// What the targets `argv` and `plan_file` share: a command line up to its plan, and no further.
namespace ub::fuzz {

/// A product of many values is as good as one of few, but takes longer.
inline bool is_small(const plan::StudyOptions& options) {
  constexpr std::size_t kMost = 100;
  std::size_t product = 1;
  for (const auto& [name, values] : options.factors) {
    if (values.size() > kMost) return false;
    product *= std::max<std::size_t>(1, values.size());
    for (const std::string& value : values) {
      // A range ("64..16M", "1..1000+1") or a glob stands for many.
      if (value.find("..") != std::string::npos) product *= kMost / 4;
    }
    if (product > kMost) return false;
  }
  return true;
}

/// Parses as the program does, by `parse`, and makes the plan.
template <typename Parse>
void up_to_the_plan(Parse parse) {
  CLI::App app{"fuzz", "uringbench"};
  cli::RunArguments arguments;
  cli::add_run_options(app, arguments);
  app.require_subcommand(0, 1);
  for (const char* name : {cli::kRunCommand, cli::kAblateCommand, cli::kExplainCommand}) {
    app.add_subcommand(name, "")->fallthrough();
  }
  try {
    parse(app);
    cli::refuse_idle_options(app);
    (void)report::format_named(arguments.format, report::Input::study);
    const plan::StudyOptions options = cli::to_study(arguments);
    static const uring::Probe probe = uring::Probe::run();
    if (is_small(options)) (void)plan::build_plan(options, probe);
  } catch (const CLI::Success&) {
  } catch (const CLI::ParseError& error) {
    if (cli::explain(app, error).empty()) std::abort();
  } catch (const UsageError&) {
  } catch (const SetupError&) {
  }
}

}  // namespace ub::fuzz
