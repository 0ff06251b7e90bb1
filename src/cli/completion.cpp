#include "completion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <vector>

#include "complaint.hpp"
#include "uringbench/path/registry.hpp"
#include "uringbench/plan/builder.hpp"

namespace ub::cli {
namespace {

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::vector<std::string> mode_names() {
  std::vector<std::string> names = {"all",       "classic", "default", "two-copy", "one-copy",
                                    "zero-copy", "pthread", "epoll",   "uring"};
  for (const EngineKind engine : {EngineKind::pthread, EngineKind::epoll, EngineKind::uring}) {
    for (const path::Descriptor& path : path::registry()) {
      if (plan::why_impossible(engine, path).empty()) names.push_back(mode_name(engine, path.name));
    }
  }
  return names;
}

}  // namespace

std::string bash_completion(const CLI::App& app) {
  constexpr const char* kScript = R"(# bash completion of uringbench
_uringbench() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}}
  local values=''
  # bash takes --mode=x for three words.
  if [[ $word == = ]]; then word=''; before=${{COMP_WORDS[COMP_CWORD-1]}}
  elif [[ $before == = ]]; then before=${{COMP_WORDS[COMP_CWORD-2]}}; fi
  case $before in
    -m|--mode|--baseline) values='{modes}' ;;
    --nodelay) values='on off' ;;
    -f|--format) values='table jsonl csv' ;;
    -w|--workload) values='stream' ;;
    list|probe) values='--json --help' ;;
    -o|--out|--resume|report) mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
    *) values='{options} {commands}' ;;
  esac
  local head=''
  case $word in *,*) head=${{word%,*}},; word=${{word##*,}} ;; esac
  mapfile -t COMPREPLY < <(compgen -P "$head" -W "$values" -- "$word")
}}
complete -F _uringbench uringbench
)";
  return fmt::format(kScript, fmt::arg("modes", fmt::join(mode_names(), " ")),
                     fmt::arg("options", fmt::join(option_names(app), " ")),
                     fmt::arg("commands", fmt::join(command_names(app), " ")));
}

}  // namespace ub::cli
