#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace ub::cli {

/// The help of the program, as wide as standard output but at most 100 columns: descriptions wrap,
/// and an option that is too long for the first column stands on a line of its own.
class HelpFormat final : public CLI::Formatter {
 public:
  HelpFormat();

  [[nodiscard]] std::string make_help(const CLI::App* app, std::string name,
                                      CLI::AppFormatMode mode) const override;
  [[nodiscard]] std::string make_description(const CLI::App* app) const override;
  [[nodiscard]] std::string make_option_name(const CLI::Option* option,
                                             bool is_positional) const override;
  [[nodiscard]] std::string make_option_opts(const CLI::Option* option) const override;
  [[nodiscard]] std::string make_option_desc(const CLI::Option* option) const override;
  [[nodiscard]] std::string make_subcommand(const CLI::App* command) const override;

 private:
  std::size_t width_;

  [[nodiscard]] std::string beside_names(const std::string& text) const;
};

}  // namespace ub::cli
