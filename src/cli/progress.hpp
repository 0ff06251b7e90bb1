#pragma once

#include <cstdint>
#include <string>

#include "uringbench/run/runner.hpp"

namespace ub::cli {

/// "[3/12] epoll-two-copy, size 64, 1 client; 8.2 s left; last: pthread-two-copy 0.63 Gbit/s";
/// empty when all is done.
std::string progress_text(const run::Progress& progress, double left_ns);

/// `text` so that it leaves the last column of a line free.
std::string cut_to(std::string text, std::size_t columns);

/// One line on standard error that says what runs, how far it is and how long it will take: on a
/// terminal always the same line, as wide as that is, else a new one every ten seconds.
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
  std::uint64_t written_ns_;  ///< the last line of a log
};

}  // namespace ub::cli
