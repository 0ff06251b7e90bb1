#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "uringbench/load/request_counts.hpp"

namespace ub::load {

/// The figures of RequestCounts, by the same names.
enum class Figure : std::size_t {
  planned,
  requests,
  responses,
  sent_bytes,
  received_bytes,
  send_calls,
  receive_calls,
  late,
  held,
  out_of_tickets,
  abandoned,
  ended,
  count,
};

/// What one thread has done so far. One writer, any readers; on cache lines of its own (two: x86
/// prefetches them in pairs), so that threads do not slow each other down by counting.
class alignas(128) RequestTally {
 public:
  /// With one writer a load and a store do; a locked add would cost about 20 cycles.
  void add(Figure figure, std::uint64_t count = 1) {
    std::atomic<std::uint64_t>& counter = figures_[static_cast<std::size_t>(figure)];
    counter.store(counter.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
  }

  void add_to(RequestCounts& counts) const;

 private:
  [[nodiscard]] std::uint64_t get(Figure figure) const {
    return figures_[static_cast<std::size_t>(figure)].load(std::memory_order_relaxed);
  }

  std::array<std::atomic<std::uint64_t>, static_cast<std::size_t>(Figure::count)> figures_{};
};

}  // namespace ub::load
