#pragma once

#include <linux/perf_event.h>

#include <cstddef>
#include <optional>
#include <span>

#include "uringbench/perf/profile.hpp"

namespace ub::perf {

/// The fields that parse_records() expects in a sample, in the order of perf_event_open(2).
inline constexpr std::uint64_t kSampleType = PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CPU |
                                             PERF_SAMPLE_PERIOD | PERF_SAMPLE_CALLCHAIN;

/// Appends the samples among `records` (whole records, as they lie in a perf ring) to `profile`, of
/// one process only if one is named, and adds up its losses. Never grows the profile's vectors
/// beyond their capacity: what does not fit is lost, and counted. A malformed record ends the
/// reading and counts as one loss; the kernel writes none, a fault here could.
void parse_records(std::span<const std::byte> records, Profile& profile,
                   std::optional<pid_t> only = std::nullopt);

}  // namespace ub::perf
