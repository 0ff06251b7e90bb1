#include "sysctl.hpp"

#include <algorithm>
#include <fstream>

namespace ub::net {

std::string sysctl_text(std::string_view name) {
  std::string path(name);
  std::replace(path.begin(), path.end(), '.', '/');
  std::ifstream file("/proc/sys/" + path);
  std::string text;
  return std::getline(file, text) ? text : "unreadable";
}

}  // namespace ub::net
