#include "uringbench/study/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "uringbench/base/error.hpp"
#include "uringbench/model/json.hpp"

namespace ub::study {

Journal::Journal(const std::filesystem::path& directory, const Environment& environment)
    : file_(directory / kSamplesFile) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) {
    throw_setup_error(fmt::format("--out: making '{}'", directory.string()), error.value());
  }
  fd_.reset(::open(file_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644));
  if (!fd_ && errno == EEXIST) {
    throw UsageError(fmt::format(
        "--out: '{}' holds the samples of a study already; name a new directory",
        directory.string()));
  }
  if (!fd_) throw_setup_error(fmt::format("--out: writing '{}'", file_.string()), errno);
  write_line(Json(environment).dump());
}

void Journal::append(const Sample& sample) { write_line(Json(sample).dump()); }

void Journal::write_line(std::string line) {
  line += '\n';
  const ssize_t written = ::write(fd_.get(), line.data(), line.size());
  if (written == static_cast<ssize_t>(line.size())) return;
  throw_setup_error(fmt::format("writing '{}'", file_.string()), written < 0 ? errno : ENOSPC,
                    "what was written before is kept; make room and run again");
}

}  // namespace ub::study
