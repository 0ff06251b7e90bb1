#include "output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "uringbench/base/error.hpp"
#include "uringbench/base/unique_fd.hpp"

namespace ub::cli {
namespace {

constexpr mode_t kMode = 0644;

/// 0, or the errno of the call that failed.
int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  // Without it a crash could leave the new name on an empty file.
  return ::fsync(fd) != 0 && errno != EINVAL && errno != EROFS ? errno : 0;
}

}  // namespace

OutputFile::OutputFile(std::filesystem::path path) : path_(std::move(path)) {
  struct stat found {};
  if (::lstat(path_.c_str(), &found) != 0 || S_ISREG(found.st_mode)) return;
  throw UsageError(
      fmt::format("--output: '{}' is {}; name a regular file, or leave the option out and redirect "
                  "standard output",
                  path_.string(), S_ISLNK(found.st_mode) ? "a symbolic link" : "no regular file"));
}

void OutputFile::put() {
  const std::filesystem::path temporary =
      path_.parent_path() / fmt::format(".{}.{}", path_.filename().string(), ::getpid());
  const UniqueFd fd(
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kMode));
  int error = fd ? write_all(fd.get(), text_.str()) : errno;
  if (error == 0 && ::rename(temporary.c_str(), path_.c_str()) != 0) error = errno;
  if (error == 0) return;
  if (fd) ::unlink(temporary.c_str());
  throw_setup_error(fmt::format("--output: writing '{}'", path_.string()), error);
}

}  // namespace ub::cli
