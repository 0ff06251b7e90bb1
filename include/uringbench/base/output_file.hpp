#pragma once

#include <filesystem>
#include <memory>
#include <ostream>
#include <string_view>

namespace ub {

/// A file that is either whole or not there. What is written goes to a file without a name, or with
/// one of its own where the file system has no other; publish() puts it in the place of whatever
/// stood under its name. So a full disk, a signal or an exception leaves the old file as it was,
/// and a symbolic link is replaced, never followed. Nothing is left of one that was not published.
/// Whoever publishes another file is not touched by what becomes of this one. One thread.
class OutputFile {
 public:
  /// Throws SetupError, which begins with `option` ("--out"), when its directory takes no file.
  OutputFile(std::string_view option, std::filesystem::path path);
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();

  /// Fails, as a stream does, when there is no room; publish() then says why.
  [[nodiscard]] std::ostream& stream();
  [[nodiscard]] const std::filesystem::path& path() const;

  /// To be called once. Flushes, syncs and renames. Throws SetupError, which names the file, when
  /// anything of it was not written; the file that stood there is then still there.
  void publish();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ub
