#pragma once

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "uringbench/base/error.hpp"
#include "uringbench/uring/abi.hpp"

namespace ub::uring {

/// How the kernel runs a ring's completion work (io_uring_setup(2)).
enum class TaskRun {
  defer,  ///< IORING_SETUP_DEFER_TASKRUN: only inside our own waits (Linux 6.1)
  coop,   ///< IORING_SETUP_COOP_TASKRUN: at the next system call, no interrupt (Linux 5.19)
  plain,  ///< interrupts the task
};

std::string_view to_text(TaskRun task_run);

/// Who hands submissions to the kernel (io_uring_setup(2)).
enum class Submission {
  self,           ///< this thread, by io_uring_enter(2)
  kernel_thread,  ///< IORING_SETUP_SQPOLL: a thread of the kernel, on one of this thread's CPUs;
                  ///< its time counts as this process's. Excludes defer and coop
};

std::string_view to_text(Submission submission);

/// Whether the ring's own descriptor is registered, which saves a look-up an enter (Linux 5.18).
enum class OwnFd { registered, not_registered };

/// The defaults are what a run of few clients takes, so that a trial with them says what it would
/// get: the kernel charges the queues to RLIMIT_MEMLOCK.
struct RingOptions {
  unsigned sq_entries = 1024;
  unsigned cq_entries = 4096;  ///< rounded up to a power of two, clamped by the kernel to its limit
  std::optional<TaskRun> task_run = std::nullopt;  ///< nullopt: the best that is granted
  Submission submission = Submission::self;
  OwnFd own_fd = OwnFd::registered;
  unsigned napi_busy_poll_us = 0;     ///< IORING_REGISTER_NAPI (Linux 6.9); 0: off
  unsigned min_wait_us = 0;           ///< gather completions for so long (Linux 6.12); 0: off
  unsigned min_wait_completions = 1;  ///< or until there are so many
};

/// What `call` returns once no signal interrupts it: a count, or -errno. -EINTR after so many
/// attempts that no signal explains it (a seccomp filter may answer anything).
template <typename Call>
int repeat_interrupted(Call&& call) {
  constexpr int kMostAttempts = 1000;
  int result = call();
  for (int i = 1; i < kMostAttempts && result == -EINTR; ++i) result = call();
  return result;
}

/// Who uses which slot of a ring's table of registered buffers: the sending and the receiving half
/// of a connection do not know of each other.
enum class BufferSlot : std::uint16_t { send = 0, receive = 1 };
inline constexpr unsigned kBufferSlots = 2;

/// One completion, copied out of the ring.
struct Completion {
  std::uint64_t user_data = 0;
  std::int32_t result = 0;  ///< bytes or another count, or -errno
  std::uint32_t flags = 0;  ///< IORING_CQE_F_*

  /// Further completions of the same submission follow.
  [[nodiscard]] bool more() const { return (flags & IORING_CQE_F_MORE) != 0; }
  /// The second completion of a zero-copy send: the kernel has let go of the buffer.
  [[nodiscard]] bool notification() const { return (flags & IORING_CQE_F_NOTIF) != 0; }
};

/// One ring of one thread. It must be created, used and destroyed by the same thread
/// (SINGLE_ISSUER). All buffers of sends in flight must outlive it. Neither copied nor moved.
class Ring {
 public:
  /// Takes what `options` ask for, or where they leave it open the best of defer, coop and plain
  /// that the kernel grants. Throws SetupError when it grants none (io_uring missing, forbidden by
  /// sysctl or seccomp, or no memory), and when it lacks a feature that was asked for.
  explicit Ring(const RingOptions& options);
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;
  ~Ring();

  /// A free submission entry. When the queue is full it is flushed first. Of a ring with an error()
  /// an entry that goes nowhere.
  io_uring_sqe& next_sqe();

  /// Makes sure that the next `count` calls of next_sqe() flush nothing, as a linked chain needs:
  /// links do not reach over two submissions. `count` must not exceed sq_entries.
  void reserve(unsigned count);

  /// Flushes what was prepared and waits for at least one completion.
  void submit_and_wait();

  /// The same, but not for longer than `timeout_ns`. False when nothing completed.
  bool submit_and_wait(std::uint64_t timeout_ns);

  /// Flushes what was prepared, lets the kernel finish what it can, and does not wait.
  void submit_and_look();

  /// Hands every completion that is there to `handle`, and none that comes meanwhile. `handle` may
  /// submit: entries are freed, a few at a time, before it sees them, as a submission may complete
  /// at once and would find the queue full.
  template <typename Handler>
  void for_each_completion(Handler&& handle) {
    for (unsigned left = ::io_uring_cq_ready(&ring_); left > 0;) {
      const unsigned count = take_completions(left);
      for (unsigned i = 0; i < count; ++i) handle(batch_[i]);
      left -= count;
    }
  }

  /// Registers `memory` (at most 1 GiB) under buf_index `slot`, once a slot. The first call
  /// registers the table with empty slots (Linux 5.19), because a full one cannot be added to.
  /// ENOMEM means RLIMIT_MEMLOCK.
  SysResult register_buffer(BufferSlot slot, std::span<std::byte> memory);

  /// Registers a table of `files` empty slots (Linux 5.19). Throws SetupError.
  void register_file_table(unsigned files);
  /// Puts `fd` into slot `index`; -1 empties it.
  SysResult register_file(unsigned index, int fd);

  /// The first errno with which the kernel refused to be entered, such as ENOMEM, or EPERM of a
  /// seccomp profile; 0 while all is well. After it nothing is submitted and nothing waited for.
  [[nodiscard]] int error() const { return error_; }

  [[nodiscard]] Submission submission() const { return options_.submission; }
  /// "off", or for how long the device's queue is polled.
  [[nodiscard]] std::string napi() const;
  [[nodiscard]] TaskRun task_run() const { return task_run_; }
  [[nodiscard]] bool registered_fd() const { return registered_fd_; }
  /// The errno that refused to register its descriptor; 0 where it was not refused.
  [[nodiscard]] int registered_fd_error() const { return registered_fd_error_; }
  [[nodiscard]] std::uint32_t features() const { return ring_.features; }
  [[nodiscard]] unsigned cq_entries() const { return ring_.cq.ring_entries; }

  /// io_uring_enter(2) calls so far.
  [[nodiscard]] std::uint64_t enters() const { return enters_; }

  /// Times the completion queue was found overflown: the kernel keeps the entries, but each flush
  /// costs a system call and multishot requests end, so a sample should say so.
  [[nodiscard]] std::uint64_t overflows() const { return overflows_; }

  /// For registrations that have no wrapper here.
  io_uring* raw() { return &ring_; }

 private:
  /// 1 KiB: stays in the first-level cache.
  using CompletionBatch = std::array<Completion, 64>;

  /// Copies out and frees up to `most` completions, which must be there.
  unsigned take_completions(unsigned most) {
    const unsigned count = std::min(most, static_cast<unsigned>(batch_.size()));
    const unsigned head = *ring_.cq.khead;  // only this thread writes it
    for (unsigned i = 0; i < count; ++i) {
      const io_uring_cqe& cqe = ring_.cq.cqes[(head + i) & (ring_.cq.ring_entries - 1)];
      batch_[i] = {cqe.user_data, cqe.res, cqe.flags};
    }
    ::io_uring_cq_advance(&ring_, count);
    return count;
  }

  void open();
  void register_own_fd();
  void register_napi();
  void flush();
  void gather();
  unsigned publish_submissions();
  [[nodiscard]] bool polled() const { return options_.submission == Submission::kernel_thread; }
  void count_enter(unsigned wait_for);
  void note(int result);

  RingOptions options_;
  io_uring ring_{};
  CompletionBatch batch_;  ///< a member: clearing a local one would cost 20 ns a wait
  TaskRun task_run_ = TaskRun::plain;
  bool registered_fd_ = false;
  int registered_fd_error_ = 0;
  bool buffer_table_ = false;
  int error_ = 0;
  std::unique_ptr<io_uring_sqe> spare_ =
      std::make_unique<io_uring_sqe>();  ///< for next_sqe() of a ring with an error
  std::uint64_t enters_ = 0;
  std::uint64_t overflows_ = 0;
};

}  // namespace ub::uring
