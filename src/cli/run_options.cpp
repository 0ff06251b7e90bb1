// The options of `run`: names, groups, defaults and help.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>

#include "arguments.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/model/factor.hpp"
#include "uringbench/plan/builder.hpp"

namespace ub::cli {
namespace {

const std::string kRepetition(heading(OptionGroup::repetition));
constexpr const char* kWhy = "Why";
constexpr const char* kHosts = "Hosts";
constexpr const char* kOutput = "Output";

CLI::Option* add_list(CLI::App& app, const char* name, std::vector<std::string>& values,
                      const char* help, std::string_view group) {
  // One argument holds the whole list: otherwise a list would swallow the word after it.
  return app.add_option(name, values, help)
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("LIST")
      ->group(std::string(group));
}

void add_text(CLI::App& app, const char* name, std::string& value, const char* type,
              std::string_view help, std::string_view group) {
  const std::string text =
      value.empty() ? std::string(help) : fmt::format("{}. Default: {}", help, value);
  app.add_option(name, value, text)->type_name(type)->group(std::string(group));
}

/// "Message sizes, 1 to 16M. Default: 64,4K,64K"
std::string help_of(const Factor& factor) {
  std::string text(factor.help);
  if (!factor.range.empty()) text += ", " + factor.range;
  const std::string_view usual =
      factor.default_note.empty() ? factor.default_value : factor.default_note;
  return usual.empty() ? text : fmt::format("{}. Default: {}", text, usual);
}

std::string names_of(const Factor& factor) {
  std::string names;
  if (!factor.short_option.empty()) names = fmt::format("-{},", factor.short_option);
  names += fmt::format("--{}", factor.option);
  if (!factor.other_option.empty()) names += fmt::format(",--{}", factor.other_option);
  return names;
}

/// A list may come as one argument, as several, or cut up, from a file of options.
std::vector<std::string> values_of(const Factor& factor, const std::vector<std::string>& typed) {
  const std::string whole = fmt::format("{}", fmt::join(typed, ","));
  if (!factor.takes_list()) return {whole};
  std::vector<std::string> values = split_list(whole);
  for (std::string& value : values) {
    // What a file of options may say.
    if (factor.flag && value == "true") value = "on";
    if (factor.flag && value == "false") value = "off";
  }
  return values;
}

void add_factor(CLI::App& app, const Factor& factor, plan::AskedFactors& asked) {
  constexpr int kAnyNumber = CLI::detail::expected_max_vector_size;
  const auto take = [&asked, &factor](const std::vector<std::string>& typed) {
    asked[std::string(factor.option)] = values_of(factor, typed);
  };
  CLI::Option* option =
      app.add_option_function<std::vector<std::string>>(names_of(factor), take, help_of(factor));
  // One argument holds the whole list: otherwise a list would swallow the word after it.
  option->expected(factor.flag ? 0 : 1, kAnyNumber)->allow_extra_args(false);
  if (factor.flag) option->default_str("on");  // what a switch without a value means
  const std::string type(factor.type);
  option->type_name(factor.takes_list() ? type + ",.." : type);
  option->group(std::string(heading(factor.group)));
}

void add_factors(CLI::App& app, OptionGroup group, plan::AskedFactors& asked) {
  for (const Factor& factor : factors()) {
    if (factor.group == group && !factor.option.empty()) add_factor(app, factor, asked);
  }
}

void add_mode(CLI::App& app, RunArguments& a) {
  add_list(app, "-m,--mode", a.modes,
           fmt::format("What to compare: modes of `uringbench list`, globs ('uring-*'), or {}. "
                       "Default: `default`, eight well-known ones",
                       list_text(plan::short_mode_names(), "or"))
               .c_str(),
           heading(OptionGroup::load));
}

void add_repetition_options(CLI::App& app, RunArguments& a) {
  add_text(app, "-r,--reps", a.reps, "N",
           "Repetitions, interleaved in a drawn order. Default: 1 (3 without any option)",
           kRepetition);
  add_text(
      app, "--until-ci", a.until_ci, "PERCENT",
      "Instead of --reps: repeat whole blocks, 8 at least, until the interval of every ratio to "
      "the baseline reaches no further than this from it: 3%",
      kRepetition);
  add_text(app, "--max-reps", a.max_reps, "N", "End of --until-ci at the latest. Default: 40",
           kRepetition);
  add_text(app, "--seed", a.seed, "N", "Draws the order of the cases", kRepetition);
}

void add_host_options(CLI::App& app, RunArguments& a) {
  add_text(
      app, "--server,--connect", a.server, "HOST",
      "Where the server runs: local, ssh://[USER@]NAME[:PORT], or exec:COMMAND, a command that "
      "runs another on that host, such as 'exec:ip netns exec lab'",
      kHosts);
  add_text(app, "--load", a.load, "HOST",
           "Where the load generator runs; it connects to the server directly", kHosts);
  add_text(app, "--data-address", a.data_address, "ADDRESS",
           "Address of the server's card that is to be measured. Default: the one by which ssh "
           "reached it, or the only one it has",
           kHosts);
  add_text(app, "--data-port", a.data_port, "N[-M]",
           "Port, or range of ports, that the server may listen on, for firewalls. Default: any",
           kHosts);
  add_text(
      app, "--remote-program", a.remote_program, "PATH",
      "uringbench on those hosts. Default: `uringbench` over ssh, this file behind exec:", kHosts);
}

void add_why_options(CLI::App& app, RunArguments& a) {
  add_list(app, "--counters", a.counters,
           "Counters to read, of `uringbench probe`. Default: sets that fit the CPU, a repetition "
           "each in turn",
           kWhy);
  app.add_flag("--profile", a.profile,
               "Run each case once more a repetition under the sampler, for where its time goes; "
               "never mixed with the figures of the others")
      ->group(kWhy);
  app.add_flag("--profile-cpus", a.profile_cpus,
               "The same of all that runs on each role's CPUs, in whoever's name")
      ->group(kWhy);
}

}  // namespace

void add_run_options(CLI::App& app, RunArguments& arguments) {
  add_mode(app, arguments);
  for (const OptionGroup group :
       {OptionGroup::load, OptionGroup::requests, OptionGroup::server, OptionGroup::ring,
        OptionGroup::sockets, OptionGroup::repetition}) {
    add_factors(app, group, arguments.factors);
  }
  app.add_flag("--histogram", arguments.histogram, "Keep each sample's whole latency histogram")
      ->group(std::string(heading(OptionGroup::requests)));
  add_host_options(app, arguments);
  add_repetition_options(app, arguments);
  add_why_options(app, arguments);
  add_text(app, "-o,--out", arguments.out, "DIR",
           fmt::format("Keep samples.jsonl, {} in DIR, a new directory",
                       list_text(report::kept_files(), "and")),
           kOutput);
  add_text(
      app, "--resume", arguments.resume, "DIR",
      "Continue the study in DIR where it stopped; its plan stands there, so no other option is "
      "needed",
      kOutput);
  app.allow_config_extras(false);  // a name that is misspelt must not be passed over
  app.set_config("--plan", "",
                 "Read options from FILE: a line each, by their long names without dashes (size = "
                 "64,4K); those of the command line go first")
      ->type_name("FILE")
      ->group(kRepetition);
  add_report_options(app, arguments);
}

void add_format_option(CLI::App& app, std::string& format, report::Input input) {
  app.add_option("-f,--format", format, "What standard output holds: " + report::format_help(input))
      ->type_name("FORMAT")
      ->group(kOutput);
}

void add_report_options(CLI::App& app, RunArguments& arguments) {
  add_format_option(app, arguments.format, report::Input::study);
  add_text(app, "--baseline", arguments.baseline, "MODE",
           "The mode the ratios are to. Default: the first of the comparison", kOutput);
  add_text(app, "--output", arguments.output, "FILE",
           "Write to FILE, in the place of what is there, instead of standard output", kOutput);
}

}  // namespace ub::cli
