#include "uringbench/uring/ring.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

#include "uringbench/base/affinity.hpp"
#include "uringbench/base/check.hpp"
#include "uringbench/base/cpu_mask.hpp"
#include "uringbench/uring/refusal.hpp"

namespace ub::uring {
namespace {

struct Rung {
  TaskRun task_run;
  unsigned flags;
};

// Best first. One thread per ring, so SINGLE_ISSUER always holds (Linux 6.0; DEFER_TASKRUN requires
// it). SUBMIT_ALL (5.18): one bad entry must not hold up the others. COOP_TASKRUN (5.19): the loop
// enters the kernel for every wait anyway, so no inter-processor interrupt is needed.
constexpr std::array<Rung, 4> kLadder{
    {{TaskRun::defer,
      IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_SUBMIT_ALL},
     {TaskRun::coop,
      IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_COOP_TASKRUN | IORING_SETUP_SUBMIT_ALL},
     {TaskRun::coop, IORING_SETUP_COOP_TASKRUN | IORING_SETUP_SUBMIT_ALL},
     {TaskRun::plain, 0}}};

/// A poller without work goes to sleep after this long, and must then be woken.
constexpr unsigned kPollerIdleMs = 1000;

/// The kernel wants a time limit beside the minimum; nothing depends on it.
constexpr std::uint64_t kGatherTimeoutNs = 100'000'000;

/// SQPOLL excludes DEFER_TASKRUN and COOP_TASKRUN: nobody is interrupted there (io_uring_setup(2)).
constexpr Rung kPolled{TaskRun::plain,
                       IORING_SETUP_SQPOLL | IORING_SETUP_SQ_AFF | IORING_SETUP_SUBMIT_ALL};

std::vector<Rung> rungs_of(const RingOptions& options) {
  if (options.submission == Submission::kernel_thread) return {kPolled};
  std::vector<Rung> rungs(kLadder.begin(), kLadder.end());
  if (options.task_run) {
    std::erase_if(rungs, [&](const Rung& rung) { return rung.task_run != *options.task_run; });
  }
  return rungs;
}

/// One of the CPUs that this thread may use.
unsigned last_cpu() {
  return static_cast<unsigned>(allowed_cpus().back());
}

/// Keeps io-wq's workers (splice runs there) on the CPUs of this thread; the kernel's default is
/// all CPUs, which would let the server work on the load generator's. Linux 5.14; without it
/// nothing is lost, and where these CPUs cannot be read neither.
void confine_workers(io_uring& ring) {
  try {
    CpuMask cpus = CpuMask::allowed();
    (void)::io_uring_register_iowq_aff(&ring, cpus.size_bytes(), cpus.get());
  } catch (const SetupError&) {
  }
}

__kernel_timespec to_timespec(std::uint64_t ns) {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  return {static_cast<std::int64_t>(ns / kSecond), static_cast<long long>(ns % kSecond)};
}

}  // namespace

std::string_view to_text(TaskRun task_run) {
  switch (task_run) {
    case TaskRun::defer:
      return "DEFER_TASKRUN";
    case TaskRun::coop:
      return "COOP_TASKRUN";
    case TaskRun::plain:
      return "plain";
  }
  fail_check("every task-run mode has a name");
}

std::string_view to_text(Submission submission) {
  switch (submission) {
    case Submission::self:
      return "own";
    case Submission::kernel_thread:
      return "SQPOLL";
  }
  fail_check("every way of submitting has a name");
}

Ring::Ring(const RingOptions& options) : options_(options) {
  open();
  try {
    if (options_.min_wait_us > 0 && (ring_.features & abi::kFeatMinTimeout) == 0) {
      throw SetupError(
          "this kernel cannot gather completions (IORING_FEAT_MIN_TIMEOUT, Linux 6.12)");
    }
    if (options_.napi_busy_poll_us > 0) register_napi();
  } catch (...) {
    ::io_uring_queue_exit(&ring_);
    throw;
  }
  confine_workers(ring_);
  // The old way works as well.
  if (options_.own_fd == OwnFd::registered) {
    register_own_fd();
  }
}

Ring::~Ring() {
  ::io_uring_queue_exit(&ring_);
}

void Ring::open() {
  int result = -EINVAL;
  for (const Rung& rung : rungs_of(options_)) {
    io_uring_params params{};
    params.flags = rung.flags | IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP;
    params.cq_entries = options_.cq_entries;
    if (polled()) {
      params.sq_thread_cpu = last_cpu();
      params.sq_thread_idle = kPollerIdleMs;
    }
    result = repeat_interrupted(
        [&] { return ::io_uring_queue_init_params(options_.sq_entries, &ring_, &params); });
    if (result == 0) {
      task_run_ = rung.task_run;
      return;
    }
    if (result != -EINVAL) break;  // only EINVAL means "flags not known here"
  }
  if (result == -EINVAL && options_.task_run) {
    throw SetupError(
        fmt::format("io_uring_setup: EINVAL: this kernel has no {}", to_text(*options_.task_run)),
        EINVAL);
  }
  throw SetupError(explain_refusal("io_uring_setup", -result), -result);
}

void Ring::register_own_fd() {
  const int result = repeat_interrupted([&] { return ::io_uring_register_ring_fd(&ring_); });
  registered_fd_ = result == 1;
  if (result < 0) registered_fd_error_ = -result;
}

void Ring::register_napi() {
  abi::Napi napi{};
  napi.busy_poll_us = options_.napi_busy_poll_us;
  napi.prefer_busy_poll = 1;
  const SysResult result =
      from_errno(::syscall(__NR_io_uring_register, ring_.ring_fd, abi::kRegisterNapi, &napi, 1));
  if (result.ok()) return;
  throw_setup_error("polling the device's queue from the ring (IORING_REGISTER_NAPI, Linux 6.9)",
                    result.error);
}

std::string Ring::napi() const {
  return options_.napi_busy_poll_us == 0 ? "off" : fmt::format("{} us", options_.napi_busy_poll_us);
}

io_uring_sqe& Ring::next_sqe() {
  io_uring_sqe* sqe = ::io_uring_get_sqe(&ring_);
  if (sqe == nullptr) [[unlikely]] {
    flush();
    sqe = ::io_uring_get_sqe(&ring_);
    if (sqe == nullptr && error_ == 0) error_ = EBUSY;  // the kernel takes no more
    if (error_ != 0) return *spare_ = {};
  }
  return *sqe;
}

void Ring::reserve(unsigned count) {
  while (::io_uring_sq_space_left(&ring_) < count && error_ == 0) [[unlikely]] flush();
}

void Ring::flush() {
  count_enter(0);
  note(::io_uring_submit(&ring_));
  if (error_ != 0) return;
  if (polled()) ::io_uring_sqring_wait(&ring_);  // the entries are free when the thread has them
}

/// With a kernel thread that submits, the kernel is only entered to wake it or to wait.
void Ring::count_enter(unsigned wait_for) {
  if (polled()) {
    const bool asleep = (*ring_.sq.kflags & IORING_SQ_NEED_WAKEUP) != 0;
    if (!asleep && ::io_uring_cq_ready(&ring_) >= wait_for) return;
  }
  ++enters_;
}

/// What must be tried again is no error.
void Ring::note(int result) {
  if (result >= 0 || result == -EINTR || result == -EBUSY || result == -EAGAIN) [[likely]]
    return;
  if (error_ == 0) error_ = -result;
}

void Ring::submit_and_wait() {
  if (error_ != 0) return;
  if (::io_uring_cq_has_overflow(&ring_)) ++overflows_;
  if (options_.min_wait_us > 0) return gather();
  count_enter(1);
  note(::io_uring_submit_and_wait(&ring_, 1));
}

bool Ring::submit_and_wait(std::uint64_t timeout_ns) {
  if (error_ != 0) return false;
  count_enter(1);
  __kernel_timespec timeout = to_timespec(timeout_ns);
  io_uring_cqe* cqe = nullptr;
  const int result = ::io_uring_submit_and_wait_timeout(&ring_, &cqe, 1, &timeout, nullptr);
  if (result != -ETIME) note(result);
  return ::io_uring_cq_ready(&ring_) > 0;
}

void Ring::submit_and_look() {
  if (error_ != 0) return;
  if (::io_uring_cq_has_overflow(&ring_)) ++overflows_;
  count_enter(0);
  // Deferred completion work runs only when asked for (IORING_ENTER_GETEVENTS).
  note(::io_uring_submit_and_get_events(&ring_));
}

/// What liburing does before it enters the kernel: it has no call that takes a minimum wait before
/// 2.8. Returns how many entries are new to the kernel.
unsigned Ring::publish_submissions() {
  io_uring_sq& sq = ring_.sq;
  unsigned tail = *sq.ktail;
  for (; sq.sqe_head != sq.sqe_tail; ++sq.sqe_head) {
    // Null where a newer liburing asked for a ring without the indirection.
    if (sq.array != nullptr) {
      sq.array[tail & (sq.ring_entries - 1)] = sq.sqe_head & (sq.ring_entries - 1);
    }
    ++tail;
  }
  io_uring_smp_store_release(sq.ktail, tail);
  return tail - *sq.khead;
}

/// Waits for `min_wait_completions`, after `min_wait_us` for one.
void Ring::gather() {
  ++enters_;
  __kernel_timespec timeout = to_timespec(kGatherTimeoutNs);
  abi::GetEventsArgument argument{};
  argument.min_wait_us = options_.min_wait_us;
  argument.timeout = reinterpret_cast<std::uint64_t>(&timeout);
  unsigned flags = IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG;
  if (registered_fd_) flags |= IORING_ENTER_REGISTERED_RING;
  const SysResult result =
      from_errno(::syscall(__NR_io_uring_enter, ring_.enter_ring_fd, publish_submissions(),
                           options_.min_wait_completions, flags, &argument, sizeof argument));
  if (result.error != ETIME) note(-result.error);
}

void Ring::register_file_table(unsigned files) {
  const SysResult result = from_negative(
      repeat_interrupted([&] { return ::io_uring_register_files_sparse(&ring_, files); }));
  if (result.ok()) return;
  throw_setup_error(fmt::format("registering a table of {} files (Linux 5.19)", files),
                    result.error, "raise `ulimit -n`");
}

SysResult Ring::register_file(unsigned index, int fd) {
  return from_negative(::io_uring_register_files_update(&ring_, index, &fd, 1));
}

SysResult Ring::register_buffer(BufferSlot slot, std::span<std::byte> memory) {
  if (!buffer_table_) {
    const SysResult table = from_negative(repeat_interrupted(
        [&] { return ::io_uring_register_buffers_sparse(&ring_, kBufferSlots); }));
    if (!table.ok()) return table;
    buffer_table_ = true;
  }
  const iovec buffer{memory.data(), memory.size()};
  const __u64 no_tag = 0;
  return from_negative(repeat_interrupted([&] {
    return ::io_uring_register_buffers_update_tag(&ring_, static_cast<unsigned>(slot), &buffer,
                                                  &no_tag, 1);
  }));
}

}  // namespace ub::uring
