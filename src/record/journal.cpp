#include "uringbench/record/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "uringbench/base/error.hpp"
#include "uringbench/model/json.hpp"

namespace ub::record {
namespace {

constexpr mode_t kMode = 0644;

/// A file without a name, which a kill leaves no trace of (open(2), O_TMPFILE). Closed on file
/// systems that have none.
UniqueFd unnamed_file(const std::filesystem::path& directory) {
  return UniqueFd(::open(directory.c_str(), O_TMPFILE | O_RDWR | O_APPEND | O_CLOEXEC, kMode));
}

/// One write(2) as a rule. A short one means that there is no room, but only the next one says why.
SysResult write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const SysResult written = from_errno(::write(fd, text.data(), text.size()));
    if (!written.ok()) return written;
    text.remove_prefix(static_cast<std::size_t>(written.value));
  }
  return {};
}

SysResult to_disk(int fd) {
  const SysResult synced = from_errno(::fdatasync(fd));
  return synced.error == EINVAL || synced.error == EROFS ? SysResult{} : synced;  // nothing to sync
}

/// So that the file's name is on the disk as well, and the directory's own.
void names_to_disk(const std::filesystem::path& directory) {
  for (const auto& each : {directory, directory / ".."}) {
    const UniqueFd fd(::open(each.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd) (void)::fsync(fd.get());  // some file systems cannot
  }
}

}  // namespace

Journal::Journal(std::filesystem::path file, UniqueFd fd)
    : file_(std::move(file)), fd_(std::move(fd)) {}

Journal::Journal(const std::filesystem::path& directory, const StudyHead& head)
    : file_(directory / kSamplesFile) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) {
    throw_setup_error(fmt::format("--out: making '{}'", directory.string()), error.value());
  }
  fd_ = unnamed_file(directory);
  const bool named = !fd_;
  if (named) create();
  lock();
  // Both or none: a file without its plan could not be continued.
  write_line(Json(head.environment).dump() + '\n' + Json(head.plan).dump());
  if (!named) give_name();
  names_to_disk(directory);
}

void Journal::create() {
  fd_.reset(::open(file_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, kMode));
  if (!fd_) refuse_file(errno);
}

/// Fails like open(2) with O_EXCL when the name is taken.
void Journal::give_name() const {
  const std::string open_file = fmt::format("/proc/self/fd/{}", fd_.get());
  if (::linkat(AT_FDCWD, open_file.c_str(), AT_FDCWD, file_.c_str(), AT_SYMLINK_FOLLOW) != 0) {
    refuse_file(errno);
  }
}

void Journal::refuse_file(int error) const {
  if (error == EEXIST) {
    throw UsageError(
        fmt::format("--out: '{}' holds the samples of a study already; name a new directory, or "
                    "continue that study with --resume",
                    file_.parent_path().string()));
  }
  throw_setup_error(fmt::format("--out: writing '{}'", file_.string()), error);
}

Journal Journal::open(const std::filesystem::path& directory) {
  const std::filesystem::path file = directory / kSamplesFile;
  UniqueFd fd(::open(file.c_str(), O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) {
    throw UsageError(
        fmt::format("--resume: '{}' cannot be written: {}; name the directory of a study",
                    file.string(), describe_errno(errno)));
  }
  Journal journal(file, std::move(fd));
  journal.lock();
  return journal;
}

void Journal::go_on(const Environment& environment, std::uint64_t torn_bytes) {
  mend(torn_bytes);
  write_line(Json(environment).dump());
}

void Journal::grow(std::uint32_t reps) {
  write_line(Json{{"schema", kSchema}, {"record", kGrowthRecord}, {"reps", reps}}.dump());
}

void Journal::lock() const {
  if (::flock(fd_.get(), LOCK_EX | LOCK_NB) == 0) return;
  if (errno != EWOULDBLOCK) return;  // a file system without locks
  throw UsageError(fmt::format("'{}' is being written by another uringbench; wait for it or end it",
                               file_.string()));
}

void Journal::mend(std::uint64_t torn_bytes) const {
  const off_t size = ::lseek(fd_.get(), 0, SEEK_END);
  const off_t sound = size - static_cast<off_t>(torn_bytes);
  if (size < 0 || sound < 0 || ::ftruncate(fd_.get(), sound) != 0) {
    throw_setup_error(fmt::format("mending '{}'", file_.string()), errno);
  }
  char last = '\n';
  if (sound > 0 && ::pread(fd_.get(), &last, 1, sound - 1) != 1) {
    throw_setup_error(fmt::format("reading '{}'", file_.string()), errno);
  }
  if (last == '\n') return;
  const SysResult ended = write_all(fd_.get(), "\n");
  if (!ended.ok()) throw_setup_error(fmt::format("mending '{}'", file_.string()), ended.error);
}

/// Where somebody removed or replaced it, the descriptor still takes lines that nobody will find.
void Journal::require_in_place() const {
  struct stat here {};
  struct stat there {};
  const bool seen = ::fstat(fd_.get(), &here) == 0 && ::stat(file_.c_str(), &there) == 0;
  if (!seen && errno != ENOENT && errno != ENOTDIR) {
    throw_setup_error(fmt::format("looking whether '{}' is still there", file_.string()), errno);
  }
  if (seen && here.st_dev == there.st_dev && here.st_ino == there.st_ino) return;
  throw SetupError(fmt::format(
      "'{}' was removed or replaced while it was written: samples would be lost, so the study ends",
      file_.string()));
}

void Journal::append(const Sample& sample) {
  require_in_place();
  write_line(Json(sample).dump());
}

void Journal::write_line(std::string line) {
  line += '\n';
  const off_t end = ::lseek(fd_.get(), 0, SEEK_END);
  SysResult written = write_all(fd_.get(), line);
  if (written.ok()) written = to_disk(fd_.get());
  if (written.ok()) return;
  if (end >= 0) (void)!::ftruncate(fd_.get(), end);  // no torn line
  throw_setup_error(fmt::format("writing '{}'", file_.string()), written.error,
                    "what was written before is kept; make room and continue with --resume");
}

}  // namespace ub::record
