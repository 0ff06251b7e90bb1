#include "tally.hpp"

#include <algorithm>

#include "uringbench/base/error.hpp"

namespace ub::engine {

void Tally::count_error(int error) {
  const auto index = static_cast<std::size_t>(error);
  errors[index < errors.size() ? index : 0].add(1);
}

void Tally::count_copy(path::CopyReport report) {
  switch (report) {
    case path::CopyReport::none:
    case path::CopyReport::unreported:
      return;
    case path::CopyReport::real:
      return real.add(1);
    case path::CopyReport::copied:
      return copied.add(1);
  }
}

/// Reports are read before the sends they are about, so that none is without its send. What has not
/// been reported is unreported, whether it never will be or not yet.
void Tally::add_zero_copy_to(ZeroCopyCounts& counts) const {
  const std::uint64_t not_copied = real.get();
  const std::uint64_t copied_after_all = copied.get();
  const std::uint64_t sends = zero_copy_sends.get();
  counts.real += not_copied;
  counts.copied += copied_after_all;
  counts.sends += sends;
  counts.notifications += notifications.get();
  counts.unreported += sends - not_copied - copied_after_all;
}

void Tally::add_to(EngineCounts& counts) const {
  add_zero_copy_to(counts.zero_copy);
  counts.sends.messages += messages.get();
  counts.sends.bytes += bytes.get();
  counts.sends.operations += operations.get();
  counts.sends.short_sends += short_sends.get();
  counts.sends.would_block += would_block.get();
  counts.sends.buffer_waits += buffer_waits.get();
  counts.sends.system_calls += system_calls.get();
  counts.sends.cq_overflows += cq_overflows.get();
  counts.arrivals.mapped_bytes += mapped_bytes.get();
  counts.arrivals.bytes += received_bytes.get();
  counts.arrivals.receives += receives.get();
  counts.arrivals.would_block += nothing_received.get();
  counts.arrivals.exhausted += exhausted.get();
  counts.arrivals.rearmed += rearmed.get();
  counts.held_peak = std::max(counts.held_peak, held_peak.get());
  counts.held_peak_bytes = std::max(counts.held_peak_bytes, held_peak_bytes.get());
  for (std::size_t error = 0; error < errors.size(); ++error) {
    const std::uint64_t count = errors[error].get();
    if (count > 0) counts.sends.errors[errno_name(static_cast<int>(error))] += count;
  }
}

}  // namespace ub::engine
