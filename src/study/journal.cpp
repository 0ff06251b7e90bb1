#include "uringbench/study/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "uringbench/base/error.hpp"
#include "uringbench/model/json.hpp"

namespace ub::study {
namespace {

/// One write(2) as a rule. A short one means that there is no room, but only the next one says why.
SysResult write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const SysResult written = from_errno(::write(fd, text.data(), text.size()));
    if (!written.ok()) return written;
    text.remove_prefix(static_cast<std::size_t>(written.value));
  }
  return {};
}

}  // namespace

Journal::Journal(const std::filesystem::path& directory, const Environment& environment)
    : file_(directory / kSamplesFile) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) {
    throw_setup_error(fmt::format("--out: making '{}'", directory.string()), error.value());
  }
  fd_.reset(::open(file_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644));
  if (!fd_ && errno == EEXIST) {
    throw UsageError(
        fmt::format("--out: '{}' holds the samples of a study already; name a new directory",
                    directory.string()));
  }
  if (!fd_) throw_setup_error(fmt::format("--out: writing '{}'", file_.string()), errno);
  write_line(Json(environment).dump());
}

void Journal::append(const Sample& sample) {
  write_line(Json(sample).dump());
}

void Journal::write_line(std::string line) {
  line += '\n';
  const off_t end = ::lseek(fd_.get(), 0, SEEK_END);
  const SysResult written = write_all(fd_.get(), line);
  if (written.ok()) return;
  if (end >= 0) (void)!::ftruncate(fd_.get(), end);  // no torn line
  throw_setup_error(fmt::format("writing '{}'", file_.string()), written.error,
                    "what was written before is kept; make room and run again");
}

}  // namespace ub::study
