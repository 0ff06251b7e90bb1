#include "progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "terminal.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/model/factor.hpp"

namespace ub::cli {
namespace {

/// Between two lines where standard error is a file or a pipe: a log of CI should show life.
constexpr std::uint64_t kLogNs = 10'000'000'000;

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

std::string cut_to(std::string text, std::size_t columns) {
  // A line that fills the last column has wrapped on some terminals, and could not be cleared.
  if (text.size() >= columns) text.resize(columns - 1);
  return text;
}

ProgressLine::ProgressLine()
    : terminal_(::isatty(STDERR_FILENO) == 1 && takes_control_sequences()),
      started_ns_(now_ns()),
      written_ns_(started_ns_) {}

ProgressLine::~ProgressLine() {
  clear();
}

void ProgressLine::clear() const {
  if (terminal_) (void)std::fputs("\r\033[K", stderr);
}

void ProgressLine::show(const run::Progress& progress) {
  if (progress.running == nullptr) {
    clear();
    return;
  }
  const std::uint64_t now = now_ns();
  const std::string text = progress_text(progress, time_left(progress, started_ns_));
  if (terminal_) {
    clear();
    (void)std::fputs(cut_to(text, columns_of(STDERR_FILENO)).c_str(), stderr);
  } else if (now - written_ns_ >= kLogNs) {
    written_ns_ = now;
    (void)std::fputs(("uringbench: " + text + '\n').c_str(), stderr);
  }
  (void)std::fflush(stderr);
}

}  // namespace ub::cli
