#include "uringbench/base/output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <streambuf>

#include "uringbench/base/error.hpp"
#include "uringbench/base/unique_fd.hpp"

namespace ub {
namespace {

constexpr mode_t kMode = 0644;

/// Writes to a descriptor, and keeps the first errno: std::ofstream forgets it.
class DescriptorBuffer final : public std::streambuf {
 public:
  explicit DescriptorBuffer(int fd) : fd_(fd) { setp(room_.data(), room_.data() + room_.size()); }

  [[nodiscard]] int error() const { return error_; }

 protected:
  int_type overflow(int_type c) override {
    if (!flush()) return traits_type::eof();
    if (!traits_type::eq_int_type(c, traits_type::eof())) {
      *pptr() = traits_type::to_char_type(c);
      pbump(1);
    }
    return traits_type::not_eof(c);
  }
  int sync() override { return flush() ? 0 : -1; }

 private:
  bool flush() {
    const char* at = pbase();
    while (error_ == 0 && at < pptr()) {
      const ssize_t written = ::write(fd_, at, static_cast<std::size_t>(pptr() - at));
      if (written >= 0) {
        at += written;
      } else if (errno != EINTR) {
        error_ = errno;
      }
    }
    setp(room_.data(), room_.data() + room_.size());
    return error_ == 0;
  }

  int fd_;
  int error_ = 0;
  std::array<char, 32768> room_;
};

std::filesystem::path directory_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

}  // namespace

class OutputFile::Impl {
 public:
  Impl(std::string_view option, std::filesystem::path path)
      : option_(option),
        path_(std::move(path)),
        fd_(open()),
        buffer_(fd_.get()),
        stream_(&buffer_) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
  }

  std::ostream& stream() { return stream_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  void publish() {
    stream_.flush();
    if (buffer_.error() != 0) refuse(buffer_.error());
    if (::fdatasync(fd_.get()) != 0 && errno != EINVAL && errno != EROFS) refuse(errno);
    if (temporary_.empty()) give_name();
    if (std::rename(temporary_.c_str(), path_.c_str()) != 0) refuse(errno);
    temporary_.clear();
  }

 private:
  /// Without a name where the file system can (open(2), O_TMPFILE) and /proc can give it one later:
  /// a kill then leaves nothing behind.
  UniqueFd open() {
    const std::filesystem::path directory = directory_of(path_);
    UniqueFd fd(::open(directory.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, kMode));
    if (fd && ::access(fmt::format("/proc/self/fd/{}", fd.get()).c_str(), F_OK) == 0) return fd;
    temporary_ = temporary_name();
    fd.reset(
        ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kMode));
    if (!fd) {
      const int error = errno;
      temporary_.clear();
      refuse(error);
    }
    return fd;
  }

  void give_name() {
    temporary_ = temporary_name();
    const std::string unnamed = fmt::format("/proc/self/fd/{}", fd_.get());
    if (::linkat(AT_FDCWD, unnamed.c_str(), AT_FDCWD, temporary_.c_str(), AT_SYMLINK_FOLLOW) == 0) {
      return;
    }
    const int error = errno;
    temporary_.clear();
    refuse(error);
  }

  /// Hidden, and of this process alone: one left over by an earlier process of the same number is
  /// in nobody's way for long.
  [[nodiscard]] std::filesystem::path temporary_name() const {
    auto name =
        directory_of(path_) / fmt::format(".{}.{}.tmp", path_.filename().string(), ::getpid());
    ::unlink(name.c_str());
    return name;
  }

  [[noreturn]] void refuse(int error) const {
    throw_setup_error(fmt::format("{}: writing '{}'", option_, path_.string()), error,
                      error == ENOSPC || error == EDQUOT || error == EFBIG
                          ? "make room; what stood there before is as it was"
                          : "");
  }

  std::string option_;
  std::filesystem::path path_;
  std::filesystem::path temporary_;  ///< empty: the file has no name
  UniqueFd fd_;
  DescriptorBuffer buffer_;
  std::ostream stream_;
};

OutputFile::OutputFile(std::string_view option, std::filesystem::path path)
    : impl_(std::make_unique<Impl>(option, std::move(path))) {}

OutputFile::~OutputFile() = default;

std::ostream& OutputFile::stream() {
  return impl_->stream();
}

const std::filesystem::path& OutputFile::path() const {
  return impl_->path();
}

void OutputFile::publish() {
  impl_->publish();
}

}  // namespace ub
