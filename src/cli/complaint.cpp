#include "complaint.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "uringbench/base/closest.hpp"
#include "uringbench/base/error.hpp"

namespace ub::cli {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// The options of the program and of the command that was named, by their long names.
std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  const auto add = [&](const CLI::App& of) {
    for (const CLI::Option* option : of.get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  };
  add(app);
  for (const CLI::App* command : app.get_subcommands()) add(*command);
  return names;
}

std::string explain_extra(const CLI::App& app) {
  // The innermost command knows what it could not take; its parents may have taken it in turn.
  const std::vector<std::string> words = app.remaining(true);
  const std::string word = words.empty() ? "" : words.front();
  if (word.starts_with('-')) {
    const std::string name = word.substr(0, word.find('='));
    return fmt::format("'{}' is not an option here; `uringbench --help` lists those accepted{}",
                       word, did_you_mean(name, option_names(app)));
  }
  const std::vector<std::string> commands = command_names(app);
  return fmt::format("'{}' is not a command; accepted are {}{}", word, fmt::join(commands, ", "),
                     did_you_mean(word, commands));
}

/// CLI11 2.1 says "--size: 1 required LIST missing" and "--seed: At Most 1 required but received
/// 2".
std::string explain_count(const std::string& text) {
  const std::string option = text.substr(0, text.find(':'));
  if (text.find("missing") != std::string::npos) {
    return fmt::format("{}: a value is missing; `uringbench --help` says what it takes", option);
  }
  if (text.find("At Most") != std::string::npos) {
    return fmt::format("{}: is given more than once; give it once", option);
  }
  return fmt::format("{}; `uringbench --help` says what is accepted", text);
}

}  // namespace

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  // CLI11 2.1 hands subcommands out of a const app only through a filter.
  for (const CLI::App* each : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!each->get_group().empty()) names.push_back(each->get_name());
  }
  return names;
}

std::string explain(const CLI::App& app, const CLI::ParseError& error) {
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) return explain_extra(app);
  if (dynamic_cast<const CLI::FileError*>(&error) != nullptr) {
    return fmt::format("--plan: {}; name a file of options", error.what());
  }
  if (dynamic_cast<const CLI::ConfigError*>(&error) != nullptr) {
    if (std::string_view(error.what()).find(kByteOrderMark) != std::string_view::npos) {
      return "--plan: the file begins with a byte order mark (EF BB BF), which an editor puts "
             "there; "
             "save it as UTF-8 without one";
    }
    return fmt::format(
        "--plan: {}; a line is the long name of an option without dashes, =, and its value",
        error.what());
  }
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    return fmt::format("{}; `uringbench --help` shows the usage", error.what());
  }
  return explain_count(error.what());
}

void refuse_idle_options(const CLI::App& app) {
  for (const CLI::App* command : app.get_subcommands()) {
    const std::string& name = command->get_name();
    if (name == kRunCommand || name == kAblateCommand || name == kExplainCommand) return;
    for (const CLI::Option* option : app.get_options()) {
      if (option->count() == 0) continue;
      throw UsageError(fmt::format("{}: means nothing to `uringbench {}`; leave it out",
                                   option->get_name(), command->get_name()));
    }
  }
}

}  // namespace ub::cli
