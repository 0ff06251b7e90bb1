// Completion scripts: one list of words, written in the language of each shell.
#include "completion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <vector>

#include "complaint.hpp"
#include "option_values.hpp"
#include "uringbench/path/registry.hpp"
#include "uringbench/plan/builder.hpp"
#include "uringbench/report/format.hpp"

namespace ub::cli {
namespace {

constexpr std::array kTakeDirectories = {"--out", "--resume"};
constexpr std::array kTakeModes = {"--mode", "--baseline"};

/// An option with what may follow it.
struct Word {
  std::vector<std::string> names;  ///< "-s", "--size"
  std::vector<std::string> values;
  std::string help;
  bool takes_value = false;
  bool takes_directory = false;
};

template <typename Names>
bool is_among(const Word& word, const Names& names) {
  return std::any_of(names.begin(), names.end(), [&](const char* name) {
    return std::find(word.names.begin(), word.names.end(), name) != word.names.end();
  });
}

std::vector<std::string> values_of(const Word& word) {
  if (is_among(word, kTakeModes)) return plan::accepted_mode_names();
  if (is_among(word, std::array{"--format"})) return report::format_names(report::Input::study);
  for (const std::string& name : word.names) {
    const Factor* factor = name.starts_with("--") ? find_factor(name.substr(2)) : nullptr;
    if (factor != nullptr) return plan::accepted_values(*factor);
  }
  return {};
}

std::vector<Word> words_of(const CLI::App& app) {
  std::vector<Word> words;
  for (const CLI::Option* option : app.get_options()) {
    Word word;
    for (const std::string& name : option->get_snames()) word.names.push_back("-" + name);
    for (const std::string& name : option->get_lnames()) word.names.push_back("--" + name);
    const std::string& help = option->get_description();
    word.help = help.substr(0, help.find_first_of(".:;("));
    word.takes_value = option->get_items_expected_min() > 0;
    word.takes_directory = is_among(word, kTakeDirectories);
    word.values = values_of(word);
    words.push_back(std::move(word));
  }
  return words;
}

std::string bash_cases(const std::vector<Word>& words) {
  std::string cases;
  for (const Word& word : words) {
    if (word.values.empty()) continue;
    cases += fmt::format("    {}) values='{}' ;;\n", fmt::join(word.names, "|"),
                         fmt::join(word.values, " "));
  }
  return cases;
}

std::string long_names(const std::vector<Word>& words) {
  std::vector<std::string> names;
  for (const Word& word : words) {
    std::copy_if(word.names.begin(), word.names.end(), std::back_inserter(names),
                 [](const std::string& name) { return name.starts_with("--"); });
  }
  return fmt::format("{}", fmt::join(names, " "));
}

std::string bash_completion(const CLI::App& app) {
  constexpr const char* kScript = R"(# bash completion of uringbench
_uringbench() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}}
  local values=''
  # bash takes --mode=x for three words.
  if [[ $word == = ]]; then word=''; before=${{COMP_WORDS[COMP_CWORD-1]}}
  elif [[ $before == = ]]; then before=${{COMP_WORDS[COMP_CWORD-2]}}; fi
  case $before in
{cases}    list|probe) values='--format --help' ;;
    -o|--out|--resume|report) mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
    completion) values='bash zsh fish' ;;
    *) values='{options} {commands}' ;;
  esac
  local head=''
  case $word in *,*) head=${{word%,*}},; word=${{word##*,}} ;; esac
  mapfile -t COMPREPLY < <(compgen -P "$head" -W "$values" -- "$word")
}}
complete -F _uringbench uringbench
)";
  const std::vector<Word> words = words_of(app);
  return fmt::format(kScript, fmt::arg("cases", bash_cases(words)),
                     fmt::arg("options", long_names(words)),
                     fmt::arg("commands", fmt::join(command_names(app), " ")));
}

/// Inside single quotes.
std::string quoted(std::string text, std::string_view replacement) {
  for (auto at = text.find('\''); at != std::string::npos;
       at = text.find('\'', at + replacement.size())) {
    text.replace(at, 1, replacement);
  }
  return text;
}

std::string zsh_completion(const CLI::App& app) {
  std::string lines;
  for (const Word& word : words_of(app)) {
    std::string help = quoted(word.help, "'\\''");
    for (const char special : {'[', ']'}) std::erase(help, special);
    std::string action;
    if (word.takes_directory) {
      action = ":directory:_files -/";
    } else if (!word.values.empty()) {
      action = fmt::format(":value:_values -s , value {}", fmt::join(word.values, " "));
    } else if (word.takes_value) {
      action = ":value:";
    }
    for (const std::string& name : word.names) {
      lines += fmt::format("    '*{}[{}]{}' \\\n", name, help, action);
    }
  }
  return fmt::format(
      "#compdef uringbench\n# zsh completion of uringbench\n_uringbench() {{\n  _arguments \\\n"
      "{}    '1:command:({})' \\\n    '*:directory:_files -/'\n}}\n"
      "if [ \"$funcstack[1]\" = _uringbench ]; then _uringbench; else compdef _uringbench "
      "uringbench; fi\n",
      lines, fmt::join(command_names(app), " "));
}

std::string fish_completion(const CLI::App& app) {
  std::string lines = "# fish completion of uringbench\ncomplete -c uringbench -f\n";
  lines += fmt::format("complete -c uringbench -n __fish_use_subcommand -a '{}'\n",
                       fmt::join(command_names(app), " "));
  for (const Word& word : words_of(app)) {
    lines += "complete -c uringbench";
    for (const std::string& name : word.names) {
      lines += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    }
    if (word.takes_directory) {
      lines += " -r -a '(__fish_complete_directories)'";
    } else if (!word.values.empty()) {
      // fish completes what follows the last comma of a word by itself.
      lines += fmt::format(" -x -a '{}'", fmt::join(word.values, " "));
    } else if (word.takes_value) {
      lines += " -x";
    }
    lines += fmt::format(" -d '{}'\n", quoted(word.help, "\\'"));
  }
  return lines;
}

}  // namespace

std::string completion(const CLI::App& app, const std::string& shell) {
  if (shell == "bash") return bash_completion(app);
  if (shell == "zsh") return zsh_completion(app);
  if (shell == "fish") return fish_completion(app);
  refuse("completion", shell, "a shell; accepted are bash, zsh and fish");
}

}  // namespace ub::cli
