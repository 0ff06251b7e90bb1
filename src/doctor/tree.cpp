#include "tree.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <system_error>

#include "uringbench/base/directory.hpp"

namespace ub::doctor {

std::filesystem::path Tree::at(const std::string& path) const {
  return root_ / std::filesystem::path(path).relative_path();
}

std::optional<std::string> Tree::line(const std::string& path) const {
  std::ifstream file(at(path));
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  return line;
}

std::vector<std::string> Tree::lines(const std::string& path) const {
  std::ifstream file(at(path));
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::optional<long long> Tree::number(const std::string& path) const {
  const auto text = line(path);
  long long value = 0;
  if (!text ||
      std::from_chars(text->data(), text->data() + text->size(), value).ec != std::errc{}) {
    return std::nullopt;
  }
  return value;
}

std::vector<std::string> Tree::names_in(const std::string& path) const {
  return names_in_directory(at(path)).names;
}

bool Tree::exists(const std::string& path) const {
  std::error_code error;
  return std::filesystem::exists(at(path), error);
}

}  // namespace ub::doctor
