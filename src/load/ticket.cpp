#include "ticket.hpp"

#include "uringbench/base/check.hpp"

namespace ub::load {

TicketPool::TicketPool(std::uint32_t capacity) : tickets_(capacity) {
  for (std::uint32_t ticket = capacity; ticket > 0; --ticket) give(ticket - 1);
}

std::uint32_t TicketPool::take() {
  check(!empty(), "a ticket is taken while there is one");
  const std::uint32_t ticket = free_;
  free_ = tickets_[ticket].next;
  tickets_[ticket] = {0, 0, kNone, false};
  return ticket;
}

void TicketPool::give(std::uint32_t ticket) {
  tickets_[ticket].next = free_;
  free_ = ticket;
}

void TicketQueue::push(TicketPool& pool, std::uint32_t ticket) {
  if (oldest_ == TicketPool::kNone) {
    oldest_ = ticket;
  } else {
    pool[newest_].next = ticket;
  }
  newest_ = ticket;
  if (due_ == 0) first_due_ = ticket;
  ++due_;
}

Ticket& TicketQueue::first_due(TicketPool& pool) {
  check(due_ > 0, "a request is due");
  return pool[first_due_];
}

void TicketQueue::mark_sent(TicketPool& pool) {
  first_due_ = first_due(pool).next;
  --due_;
  ++in_flight_;
}

Ticket TicketQueue::answer(TicketPool& pool) {
  check(in_flight_ > 0, "a request is in flight");
  --in_flight_;
  const std::uint32_t ticket = pop_oldest(pool);
  const Ticket answered = pool[ticket];
  pool.give(ticket);
  return answered;
}

std::uint32_t TicketQueue::pop_oldest(TicketPool& pool) {
  const std::uint32_t ticket = oldest_;
  oldest_ = pool[ticket].next;
  return ticket;
}

std::uint32_t TicketQueue::drop_due(TicketPool& pool, std::uint32_t kept) {
  if (due_ <= kept) return 0;
  TicketQueue left;
  const std::uint32_t sent = in_flight_;
  const std::uint32_t staying = sent + kept;
  const std::uint32_t dropped = due_ - kept;
  for (std::uint32_t i = 0; i < staying + dropped; ++i) {
    const std::uint32_t ticket = pop_oldest(pool);
    if (i >= staying) {
      pool.give(ticket);
      continue;
    }
    pool[ticket].next = TicketPool::kNone;
    left.push(pool, ticket);
    if (i < sent) left.mark_sent(pool);
  }
  *this = left;
  return dropped;
}

void TicketQueue::clear(TicketPool& pool) {
  while (oldest_ != TicketPool::kNone) pool.give(pop_oldest(pool));
  *this = {};
}

}  // namespace ub::load
