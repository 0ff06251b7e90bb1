#include "progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "uringbench/base/clock.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/model/factor.hpp"

namespace ub::cli {
namespace {

/// "; last: epoll-two-copy 12.3 Gbit/s", or what became of it.
std::string last_result(const std::optional<Sample>& last) {
  if (!last) return "";
  const std::string mode = variant_name(last->the_case);
  if (last->status != Status::valid)
    return fmt::format("; last: {} {}", mode, to_text(last->status));
  if (last->goodput_bps <= 0) {
    return fmt::format("; last: {} {} msgs/s", mode, format_count(last->message_rate));
  }
  return fmt::format("; last: {} {:.3g} Gbit/s", mode, last->goodput_bps / 1e9);
}

double time_left(const run::Progress& progress, std::uint64_t started_ns) {
  const Case& c = *progress.running;
  const std::size_t here = progress.done - progress.skipped;
  // The first sample has nothing to go by but its own length.
  const double each = here == 0
                          ? static_cast<double>(c.warmup_ns + c.duration_ns)
                          : static_cast<double>(now_ns() - started_ns) / static_cast<double>(here);
  return each * static_cast<double>(progress.total - progress.done);
}

}  // namespace

std::string progress_text(const run::Progress& progress, double left_ns) {
  if (progress.running == nullptr) return "";
  const Case& c = *progress.running;
  return fmt::format("[{}/{}] {}, size {}, {} client{}; {} left{}", progress.done + 1,
                     progress.total, variant_name(c), format_size(c.size_bytes), c.clients,
                     c.clients == 1 ? "" : "s", format_duration(left_ns),
                     last_result(progress.last));
}

ProgressLine::ProgressLine() : terminal_(::isatty(STDERR_FILENO) == 1), started_ns_(now_ns()) {}

ProgressLine::~ProgressLine() {
  clear();
}

void ProgressLine::clear() const {
  if (terminal_) fmt::print(stderr, "\r\033[K");
}

void ProgressLine::show(const run::Progress& progress) {
  if (!terminal_) return;
  clear();
  if (progress.running == nullptr) return;
  fmt::print(stderr, "{}", progress_text(progress, time_left(progress, started_ns_)));
  std::fflush(stderr);
}

}  // namespace ub::cli
