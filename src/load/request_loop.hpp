#pragma once

#include <cstdint>

#include "request_lane.hpp"
#include "watcher.hpp"

namespace ub::load {

/// Before a request falls due a blocking loop stops sleeping and looks again and again. A wake-up
/// by timer came 16 to 49 us late (p50 to p90, timer slack 1 ns) where measured (EPYC VM, 6.18),
/// and this much leaves room for most of the rest.
inline constexpr std::uint64_t kSpinNs = 100'000;

/// How long a loop may sleep at `now_ns` if a request falls due at `due_ns`; 0: not at all. One
/// part in 512 stays off, as epoll(7)'s timer may be late by one in 1000 of its time
/// (select_estimate_accuracy(), fs/select.c); what is left is slept or spun after.
std::uint64_t sleep_ns(std::uint64_t due_ns, std::uint64_t now_ns);

/// Sleeps in epoll until something is ready or nearly due. Returns when the lane is at its end.
void run_blocking(RequestLane& lane, Watcher& watcher);

/// Never sleeps: one recv(2) from each connection that expects a response, over and over, and a
/// look at the clock after each.
void run_spinning(RequestLane& lane);

}  // namespace ub::load
