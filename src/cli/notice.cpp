#include "notice.hpp"

#include <cctype>
#include <cstdio>
#include <string>

namespace ub::cli {

void notice(std::string_view sentence) {
  if (sentence.empty()) return;
  std::string line(sentence);
  for (char& c : line) {
    if (std::iscntrl(static_cast<unsigned char>(c)) != 0) c = ' ';
  }
  // Not fmt::print, which throws where standard error is closed.
  (void)std::fputs(("uringbench: " + line + '\n').c_str(), stderr);
}

}  // namespace ub::cli
