// A command line, a word a line, up to the plan that it makes. Files that it names are not opened.
#include "json_lines.hpp"
#include "typed.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::string> words;
  for (const auto line : ub::fuzz::lines_of({reinterpret_cast<const char*>(data), size})) {
    words.emplace_back(line.substr(0, line.find('\0')));
    if (words.back().starts_with("--plan")) return 0;
  }
  std::reverse(words.begin(), words.end());  // as CLI11 takes a vector
  ub::fuzz::up_to_the_plan([&](CLI::App& app) { app.parse(words); });
  return 0;
}
