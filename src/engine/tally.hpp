#pragma once

#include "uringbench/model/counts.hpp"
#include "uringbench/path/send_progress.hpp"

namespace ub::engine {

/// Everything one thread of an engine counts. Only that thread changes it; any may read() it.
class ServerTally : public Tally<ServerCounts> {
 public:
  void count_copy(path::CopyReport report) {
    if (report == path::CopyReport::real) zero_copy.real.add();
    if (report == path::CopyReport::copied) zero_copy.copied.add();
  }

  /// One more, or one less, buffer is in the kernel's hands.
  void hold(std::uint64_t bytes) {
    held_bytes_ += bytes;
    held.peak.raise_to(++held_);
    held.peak_bytes.raise_to(held_bytes_);
  }
  void release(std::uint64_t bytes) {
    --held_;
    held_bytes_ -= bytes;
  }

 private:
  std::uint64_t held_ = 0;
  std::uint64_t held_bytes_ = 0;
};

}  // namespace ub::engine
