#pragma once

#include <filesystem>

#include "uringbench/base/unique_fd.hpp"
#include "uringbench/model/environment.hpp"
#include "uringbench/model/plan.hpp"
#include "uringbench/model/sample.hpp"

namespace ub::record {

/// What stands in a new samples.jsonl before the first sample.
struct StudyHead {
  Environment environment;
  Plan plan;
};

/// A study's samples.jsonl. Each line is written with one write(2), so that a kill leaves at most a
/// torn last line, a full disk none, and is on the disk (fdatasync(2)) before the call returns, so
/// that a power cut takes nothing that ended. One process at a time: the file is locked (flock(2))
/// while the journal lives.
class Journal {
 public:
  /// Makes `directory` and begins its samples.jsonl with `head`: where the file system can, the
  /// file appears with its head in it or not at all. Throws UsageError when it holds
  /// samples already, SetupError when it cannot be written.
  Journal(const std::filesystem::path& directory, const StudyHead& head);

  /// Opens and locks the samples.jsonl of `directory`, to be read and then continued: what is read
  /// after this stays true. Throws UsageError when there is none, or another process writes it.
  static Journal open(const std::filesystem::path& directory);

  /// Leaves out the last `torn_bytes`, ends a last line that lacks its line feed, and notes the
  /// environment of now. Throws SetupError when the file cannot be written.
  void go_on(const Environment& environment, std::uint64_t torn_bytes);

  /// Notes that the study now has `reps` repetitions: more than it began with.
  void grow(std::uint32_t reps);

  /// Throws SetupError when the line cannot be written whole (disk full), and when the file is no
  /// longer where it was: what went there would be lost.
  void append(const Sample& sample);

 private:
  Journal(std::filesystem::path file, UniqueFd fd);

  void create();
  void require_in_place() const;
  void give_name() const;
  [[noreturn]] void refuse_file(int error) const;
  void lock() const;
  void mend(std::uint64_t torn_bytes) const;
  void write_line(std::string line);

  std::filesystem::path file_;
  UniqueFd fd_;
};

inline constexpr const char* kSamplesFile = "samples.jsonl";

/// The kind of the record that Journal::grow() writes.
inline constexpr const char* kGrowthRecord = "more_reps";

}  // namespace ub::record
