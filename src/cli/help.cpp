#include "help.hpp"

#include <algorithm>
#include <sstream>

#include "outputs.hpp"

namespace ub::cli {
namespace {

/// `text` in lines of at most `width` columns, broken at blanks.
std::string wrapped(const std::string& text, std::size_t width) {
  std::istringstream words(text);
  std::string lines;
  std::size_t used = 0;
  for (std::string word; words >> word;) {
    if (used > 0 && used + 1 + word.size() > width) {
      lines += '\n';
      used = 0;
    } else if (used > 0) {
      lines += ' ';
      ++used;
    }
    lines += word;
    used += word.size();
  }
  return lines;
}

}  // namespace

HelpFormat::HelpFormat() : width_(std::min(look_of_output().columns, report::kFileColumns)) {
  column_width(29);
}

std::string HelpFormat::beside_names(const std::string& text) const {
  return wrapped(text, width_ - get_column_width());
}

// The base class leaves up to three blank lines between two groups.
std::string HelpFormat::make_help(const CLI::App* app, std::string name,
                                  CLI::AppFormatMode mode) const {
  std::string text = CLI::Formatter::make_help(app, std::move(name), mode);
  for (auto at = text.find("\n\n\n"); at != std::string::npos; at = text.find("\n\n\n")) {
    text.erase(at, 1);
  }
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

// Not the base class's, which adds how many subcommands are allowed: the usage line says that.
std::string HelpFormat::make_description(const CLI::App* app) const {
  return wrapped(app->get_description(), width_) + "\n\n";
}

// "-m, --mode": as every other program prints it, and as help2man reads it.
std::string HelpFormat::make_option_name(const CLI::Option* option, bool is_positional) const {
  std::string names = CLI::Formatter::make_option_name(option, is_positional);
  if (const auto comma = names.find(','); comma != std::string::npos) names.insert(comma + 1, " ");
  return names;
}

// The base class adds the default, which the descriptions say in words, and "..." to a list.
std::string HelpFormat::make_option_opts(const CLI::Option* option) const {
  const std::string type = option->get_type_name();
  return option->get_type_size() == 0 || type.empty() ? "" : " " + type;
}

std::string HelpFormat::make_option_desc(const CLI::Option* option) const {
  return beside_names(option->get_description());
}

std::string HelpFormat::make_subcommand(const CLI::App* command) const {
  std::ostringstream out;
  CLI::detail::format_help(out, command->get_display_name(true),
                           beside_names(command->get_description()), get_column_width());
  return out.str();
}

}  // namespace ub::cli
