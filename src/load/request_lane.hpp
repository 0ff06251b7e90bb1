#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "request_io.hpp"
#include "request_schedule.hpp"
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

/// What a lane works with but does not own; everything outlives it.
struct LaneSurroundings {
  std::span<std::byte> buffer;  ///< for one recv(2)
  Tally* tally = nullptr;
  Control* control = nullptr;
  Watcher* watcher = nullptr;  ///< nullptr: this thread spins
};

/// The conversations of one thread: lets requests fall due, sends them, takes responses, and ends.
/// Allocates nothing after construction.
class RequestLane {
 public:
  /// `schedule` is nullopt in a closed loop. `conversations` stay where they are.
  RequestLane(const Case& the_case, const std::optional<SchedulePlan>& schedule,
              std::span<Conversation> conversations, const LaneSurroundings& surroundings);

  /// Requests may go from now on. A closed loop sends its first ones.
  void begin();

  /// Heeds a change of phase, and sends what has fallen due.
  void tend();

  /// Sends what did not fit and receives once. For an ended conversation: nothing.
  void serve(Conversation& conversation);

  /// Whether something may come of serving it.
  [[nodiscard]] bool expects(const Conversation& conversation) const {
    if (conversation.state == Conversation::State::ended) return false;
    return stopping_ || conversation.tickets.in_flight() > 0 || conversation.socket_full;
  }

  /// There is still something to do.
  [[nodiscard]] bool goes_on() const { return open_ > 0 && !surroundings_.control->aborting(); }

  /// When tend() has to be called next, of now_ns(); Watcher::kForever when only a response or a
  /// wake-up makes a difference.
  [[nodiscard]] std::uint64_t next_due_ns() const;

  [[nodiscard]] std::span<Conversation> conversations() const { return conversations_; }
  [[nodiscard]] const LatencyBook& book() const { return book_; }

 private:
  Tally& tally() { return *surroundings_.tally; }

  [[nodiscard]] bool due(std::uint64_t now_ns) const;
  void admit(std::uint64_t now_ns);
  void admit_next();
  void push(Conversation& conversation, std::uint64_t planned_ns, bool counted);
  void pump(Conversation& conversation);
  void receive(Conversation& conversation);
  void stop();
  void abandon_backlog(std::uint64_t now_ns);
  void fail(Conversation& conversation, Failure failure);
  void end(Conversation& conversation);

  std::span<Conversation> conversations_;
  LaneSurroundings surroundings_;
  std::uint32_t depth_;
  TicketPool pool_;
  LatencyBook book_;
  RequestWriter writer_;
  ResponseReader reader_;
  std::optional<Schedule> schedule_;
  std::uint64_t start_ns_ = 0;
  std::size_t next_ = 0;  ///< conversation: requests fall to them in turn
  std::size_t open_;      ///< conversations
  bool begun_ = false;
  bool stopping_ = false;
  bool starving_ = false;         ///< a request is due and there was no ticket
  std::uint64_t starved_ns_ = 0;  ///< when there last was none: see Conversation::held_ns
};

}  // namespace ub::load
