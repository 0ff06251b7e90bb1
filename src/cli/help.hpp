#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace ub::cli {

/// The help of the program in at most kHelpWidth columns: descriptions wrap, and an option that is
/// too long for the first column stands on a line of its own.
class HelpFormat final : public CLI::Formatter {
 public:
  static constexpr std::size_t kHelpWidth = 100;

  HelpFormat() { column_width(29); }

  [[nodiscard]] std::string make_help(const CLI::App* app, std::string name,
                                      CLI::AppFormatMode mode) const override;
  [[nodiscard]] std::string make_description(const CLI::App* app) const override;
  [[nodiscard]] std::string make_option_name(const CLI::Option* option,
                                             bool is_positional) const override;
  [[nodiscard]] std::string make_option_opts(const CLI::Option* option) const override;
  [[nodiscard]] std::string make_option_desc(const CLI::Option* option) const override;
  [[nodiscard]] std::string make_subcommand(const CLI::App* command) const override;

 private:
  [[nodiscard]] std::string beside_names(const std::string& text) const;
};

}  // namespace ub::cli
