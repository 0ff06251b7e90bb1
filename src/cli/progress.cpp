#include "progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "uringbench/base/clock.hpp"
#include "uringbench/base/units.hpp"

namespace ub::cli {

ProgressLine::ProgressLine() : terminal_(::isatty(STDERR_FILENO) == 1), started_ns_(now_ns()) {}

ProgressLine::~ProgressLine() {
  clear();
}

void ProgressLine::clear() const {
  if (terminal_) fmt::print(stderr, "\r\033[K");
}

void ProgressLine::show(const study::Progress& progress) {
  if (!terminal_) return;
  clear();
  if (progress.running == nullptr) return;
  const Case& c = *progress.running;
  // The first sample has nothing to go by but its own length.
  const double each = progress.done == 0 ? static_cast<double>(c.warmup_ns + c.duration_ns)
                                         : static_cast<double>(now_ns() - started_ns_) /
                                               static_cast<double>(progress.done);
  const double left = each * static_cast<double>(progress.total - progress.done);
  fmt::print(stderr, "[{}/{}] {}, size {}, {} client{}; {} left", progress.done + 1, progress.total,
             arm_name(c), format_size(c.size_bytes), c.clients, c.clients == 1 ? "" : "s",
             format_duration(left));
  std::fflush(stderr);
}

}  // namespace ub::cli
