#pragma once

#include <filesystem>

#include "uringbench/base/unique_fd.hpp"
#include "uringbench/model/environment.hpp"
#include "uringbench/model/sample.hpp"

namespace ub::study {

/// A study's samples.jsonl. Each line is written with one write(2), so that a kill leaves at most a
/// torn last line, a full disk none, and nothing that ended is lost.
class Journal {
 public:
  /// Makes `directory` and begins its samples.jsonl with `environment`. Throws UsageError when it
  /// holds samples already, SetupError when it cannot be written.
  Journal(const std::filesystem::path& directory, const Environment& environment);

  /// Throws SetupError when the line cannot be written whole (disk full).
  void append(const Sample& sample);

 private:
  void write_line(std::string line);

  std::filesystem::path file_;
  UniqueFd fd_;
};

inline constexpr const char* kSamplesFile = "samples.jsonl";

}  // namespace ub::study
