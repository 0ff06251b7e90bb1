#pragma once

#include <filesystem>
#include <sstream>

namespace ub::cli {

/// A file that a user named with --output. What it is to hold is collected first and then put in
/// the place of what was there, so that a reader sees the old file or the whole new one. Links are
/// not followed, and what is no regular file is left alone.
class OutputFile {
 public:
  /// Throws UsageError for a name that cannot be replaced.
  explicit OutputFile(std::filesystem::path path);

  [[nodiscard]] std::ostream& stream() { return text_; }

  /// Throws SetupError when it could not be written; what was there is then as it was.
  void put();

 private:
  std::filesystem::path path_;
  std::ostringstream text_;
};

}  // namespace ub::cli
