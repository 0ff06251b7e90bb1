#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ub::load {

/// One request from when it is due until its response is there.
struct Ticket {
  std::uint64_t planned_ns = 0;  ///< of now_ns(); closed loop: as sent_ns
  std::uint64_t sent_ns = 0;     ///< just before its first byte was given to the kernel
  std::uint32_t next = 0;        ///< in a queue or the free list
  bool counted = false;          ///< planned within the measured window
};

/// The tickets of one thread, all allocated at once. The last one given back is taken first: it is
/// still in the cache.
class TicketPool {
 public:
  explicit TicketPool(std::uint32_t capacity);

  [[nodiscard]] bool empty() const { return free_ == kNone; }
  /// A ticket with nothing set. Not of an empty pool.
  std::uint32_t take();
  void give(std::uint32_t ticket);

  Ticket& operator[](std::uint32_t ticket) { return tickets_[ticket]; }

  static constexpr std::uint32_t kNone = UINT32_MAX;

 private:
  std::vector<Ticket> tickets_;
  std::uint32_t free_ = kNone;
};

/// The requests of one connection, oldest first: those in flight, then those due. All calls are
/// given the pool that the tickets are from.
class TicketQueue {
 public:
  /// A request is due.
  void push(TicketPool& pool, std::uint32_t ticket);
  /// The ticket of the oldest request that is due; there is one.
  Ticket& first_due(TicketPool& pool);
  /// The oldest request that is due is in flight now.
  void mark_sent(TicketPool& pool);
  /// The oldest request in flight is answered: its ticket, given back; there is one.
  Ticket answer(TicketPool& pool);
  /// Gives back the tickets of all due requests but the `kept` oldest; how many that were.
  std::uint32_t drop_due(TicketPool& pool, std::uint32_t kept);
  /// Gives back all tickets.
  void clear(TicketPool& pool);

  [[nodiscard]] std::uint32_t in_flight() const { return in_flight_; }
  [[nodiscard]] std::uint32_t due() const { return due_; }

 private:
  std::uint32_t pop_oldest(TicketPool& pool);

  std::uint32_t oldest_ = TicketPool::kNone;
  std::uint32_t first_due_ = TicketPool::kNone;
  std::uint32_t newest_ = TicketPool::kNone;
  std::uint32_t in_flight_ = 0;
  std::uint32_t due_ = 0;
};

}  // namespace ub::load
