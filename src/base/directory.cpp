#include "uringbench/base/directory.hpp"

#include <dirent.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "uringbench/base/error.hpp"

namespace ub {

DirectoryNames names_in_directory(const std::filesystem::path& directory) {
  DirectoryNames found;
  struct Close {
    void operator()(DIR* directory) const { ::closedir(directory); }
  };
  const std::unique_ptr<DIR, Close> open(::opendir(directory.c_str()));
  found.error = open ? 0 : errno;
  while (open) {
    errno = 0;  // readdir(3) returns null at the end, too
    const dirent* entry = ::readdir(open.get());
    if (entry == nullptr) {
      found.error = errno;
      break;
    }
    const std::string name = entry->d_name;
    if (name != "." && name != "..") found.names.push_back(name);
  }
  std::sort(found.names.begin(), found.names.end());
  if (!found.whole()) {
    found.failure = fmt::format("reading {}: {}", directory.string(), describe_errno(found.error));
  }
  return found;
}

}  // namespace ub
