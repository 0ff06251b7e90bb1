#pragma once

#include <sstream>
#include <string>

namespace ub::test {

/// With one blank for each run of blanks and line feeds: what a table says, however it is wrapped.
inline std::string unwrapped(const std::string& text) {
  std::istringstream in(text);
  std::string out;
  for (std::string word; in >> word;) out.append(out.empty() ? "" : " ").append(word);
  return out;
}

}  // namespace ub::test
