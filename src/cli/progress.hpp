#pragma once

#include <cstdint>

#include "uringbench/study/runner.hpp"

namespace ub::cli {

/// One line on standard error that says what runs, how far it is and how long it will take; only on
/// a terminal.
class ProgressLine {
 public:
  ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine();

  void show(const study::Progress& progress);

 private:
  void clear() const;

  bool terminal_;
  std::uint64_t started_ns_;
};

}  // namespace ub::cli
