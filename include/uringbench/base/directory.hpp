#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ub {

/// The names in a directory, sorted, as far as they could be read.
struct DirectoryNames {
  std::vector<std::string> names;
  std::string failure;  ///< "reading /proc/self/task: EIO (Input/output error)"; empty: read whole
  int error = 0;        ///< its errno

  [[nodiscard]] bool whole() const { return error == 0; }
};

/// Never throws: a directory of /proc may fail at any entry, and the iterators of the standard
/// library then throw a text that names no directory.
DirectoryNames names_in_directory(const std::filesystem::path& directory);

}  // namespace ub
