#pragma once

#include <cstdint>
#include <string>

#include "uringbench/run/runner.hpp"

namespace ub::cli {

/// "[3/12] epoll-two-copy, size 64, 1 client; 8.2 s left; last: pthread-two-copy 0.63 Gbit/s";
/// empty when all is done.
std::string progress_text(const run::Progress& progress, double left_ns);

/// One line on standard error that says what runs, how far it is and how long it will take; only on
/// a terminal.
class ProgressLine {
 public:
  ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine();

  void show(const run::Progress& progress);

 private:
  void clear() const;

  bool terminal_;
  std::uint64_t started_ns_;
};

}  // namespace ub::cli
