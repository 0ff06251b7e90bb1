#include "uringbench/uring/ring.hpp"

#include <fmt/format.h>
#include <sched.h>

#include <array>
#include <cerrno>

#include "uringbench/base/check.hpp"

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

/// Keeps io-wq's workers (splice runs there) on the CPUs of this thread; the kernel's default is
/// all CPUs, which would let the server work on the load generator's. Linux 5.14; without it
/// nothing is lost.
void confine_workers(io_uring& ring) {
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  if (::sched_getaffinity(0, sizeof cpus, &cpus) == 0) {
    (void)::io_uring_register_iowq_aff(&ring, sizeof cpus, &cpus);
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

std::string explain_setup_failure(int error) {
  switch (error) {
    case ENOSYS:
      return "io_uring_setup: ENOSYS: this kernel is built without io_uring (CONFIG_IO_URING), or "
             "the container's seccomp profile hides it";
    case EPERM:
    case EACCES:
      return fmt::format(
          "io_uring_setup: {}: io_uring is forbidden here; check `sysctl kernel.io_uring_disabled` "
          "(0 allows it) and the container's seccomp profile",
          errno_name(error));
    case ENOMEM:
      return "io_uring_setup: ENOMEM: too little locked memory; raise it with `ulimit -l` "
             "(kernels before 5.12 charge rings to it)";
    case EMFILE:
      return "io_uring_setup: EMFILE: too few file descriptors; raise `ulimit -n`";
    default:
      return fmt::format("io_uring_setup: {}", describe_errno(error));
  }
}

Ring::Ring(const RingOptions& options) {
  open(options);
  confine_workers(ring_);
  // Saves the descriptor look-up of every enter (Linux 5.18); the old way works as well.
  registered_fd_ = ::io_uring_register_ring_fd(&ring_) == 1;
}

Ring::~Ring() {
  ::io_uring_queue_exit(&ring_);
}

void Ring::open(const RingOptions& options) {
  int result = 0;
  for (const Rung& rung : kLadder) {
    io_uring_params params{};
    params.flags = rung.flags | IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP;
    params.cq_entries = options.cq_entries;
    result = ::io_uring_queue_init_params(options.sq_entries, &ring_, &params);
    if (result == 0) {
      task_run_ = rung.task_run;
      return;
    }
    if (result != -EINVAL) break;  // only EINVAL means "flags not known here"
  }
  throw SetupError(explain_setup_failure(-result));
}

io_uring_sqe& Ring::next_sqe() {
  io_uring_sqe* sqe = ::io_uring_get_sqe(&ring_);
  if (sqe == nullptr) [[unlikely]] {
    flush();
    sqe = ::io_uring_get_sqe(&ring_);
    check(sqe != nullptr, "a flushed submission queue has room");
  }
  return *sqe;
}

void Ring::reserve(unsigned count) {
  if (::io_uring_sq_space_left(&ring_) < count) [[unlikely]]
    flush();
}

void Ring::flush() {
  ++enters_;
  const int result = ::io_uring_submit(&ring_);
  check(result >= 0 || result == -EBUSY || result == -EAGAIN || result == -EINTR,
        "a submission is accepted or must be tried again");
}

void Ring::submit_and_wait() {
  ++enters_;
  if (::io_uring_cq_has_overflow(&ring_)) ++overflows_;
  const int result = ::io_uring_submit_and_wait(&ring_, 1);
  check(result >= 0 || result == -EINTR || result == -EBUSY || result == -EAGAIN,
        "waiting on the ring works");
}

bool Ring::submit_and_wait(std::uint64_t timeout_ns) {
  ++enters_;
  __kernel_timespec timeout = to_timespec(timeout_ns);
  io_uring_cqe* cqe = nullptr;
  (void)::io_uring_submit_and_wait_timeout(&ring_, &cqe, 1, &timeout, nullptr);
  return ::io_uring_cq_ready(&ring_) > 0;
}

SysResult Ring::register_buffer(BufferSlot slot, std::span<std::byte> memory) {
  if (!buffer_table_) {
    const SysResult table = from_negative(::io_uring_register_buffers_sparse(&ring_, kBufferSlots));
    if (!table.ok()) return table;
    buffer_table_ = true;
  }
  const iovec buffer{memory.data(), memory.size()};
  const __u64 no_tag = 0;
  return from_negative(::io_uring_register_buffers_update_tag(&ring_, static_cast<unsigned>(slot),
                                                              &buffer, &no_tag, 1));
}

}  // namespace ub::uring
