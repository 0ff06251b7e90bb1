#pragma once

#include <sys/eventfd.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "connection_failure.hpp"
#include "latency.hpp"
#include "uringbench/base/affinity.hpp"
#include "uringbench/base/unique_fd.hpp"
#include "uringbench/load/crew.hpp"

/// What a generator is to the crew, and what the crew gives it.
namespace ub::load {

using Tally = ub::Tally<LoadCounts>;

/// What the crew tells its threads, and they it. They look at it between two system calls.
struct Control {
  enum class Phase { waiting, running, stopping, aborting };

  std::atomic<Phase> phase = Phase::waiting;
  std::atomic<std::uint64_t> start_ns = 0;  ///< of schedules; set before `running`
  UniqueFd wake;  ///< eventfd, readable for good from the end of `running` on
  Window window;
  FirstFailure failure;
  std::atomic<std::size_t> unfinished = 0;  ///< threads
  UniqueFd all_finished;                    ///< eventfd, readable for good once `unfinished` is 0

  /// Moves on to `next`, never back.
  void advance(Phase next);

  void await_go() const { phase.wait(Phase::waiting); }
  [[nodiscard]] bool running() const {
    return phase.load(std::memory_order_relaxed) == Phase::running;
  }
  [[nodiscard]] bool stopping() const {
    return phase.load(std::memory_order_relaxed) >= Phase::stopping;
  }
  [[nodiscard]] bool aborting() const {
    return phase.load(std::memory_order_relaxed) == Phase::aborting;
  }

  /// Sockets that are shut down by abort() are no failures.
  void report(const Failure& what) {
    if (!aborting()) failure.report(what);
  }

  /// The last thing a thread does.
  void finish_thread() {
    if (unfinished.fetch_sub(1) == 1) ::eventfd_write(all_finished.get(), 1);
  }
};

struct Connection {
  int fd = -1;  ///< not owned
  std::uint32_t client = 0;
  std::optional<StreamVerifier> verifier;  ///< with `verify`
};

/// Sends RST now. After a mere shutdown(2) a server that waits for window space would wait on until
/// the window opens, and nobody reads any more. connect(2) to AF_UNSPEC dissolves the association,
/// and for TCP on Linux that is a reset (tcp_disconnect). The descriptor stays open: other threads
/// may hold its number.
void reset_connection(const Connection& connection);

/// Which clients one thread serves, and where it runs.
struct Placement {
  int cpu = 0;
  std::uint32_t first_client = 0;
  std::uint32_t clients = 0;

  friend bool operator==(const Placement&, const Placement&) = default;
};

/// One thread per CPU, at most one per client; the numbers of clients differ by one at most and do
/// not fall: the first thread has the fewest, the last the most.
std::vector<Placement> place_clients(std::uint32_t clients, const CpuList& cpus);

/// The CPUs of the case's load generator; all that this process may use when the case names none.
/// Throws SetupError when the list is none or names a CPU that this process may not use.
CpuList client_cpus(const Case& the_case);

/// Large enough for one recv(2) to empty what arrived meanwhile, small enough for the second-level
/// cache.
inline constexpr std::size_t kReceiveBytes = 256U << 10U;

/// What one thread works with. All that is pointed to outlives it.
struct Job {
  std::vector<Connection> connections;
  std::span<const Placement> placements;  ///< of all threads
  std::size_t thread = 0;                 ///< index of this one
  Control* control = nullptr;
  Tally* tally = nullptr;
};

/// What one thread does with its connections. Everything it needs is allocated when it is made.
class Worker {
 public:
  Worker() = default;
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  virtual ~Worker() = default;

  /// On its thread, pinned, before anything is sent. Throws SetupError.
  virtual void prepare() {}
  /// Then: until its last connection has ended, or an abort. Does not allocate, does not throw.
  virtual void run() = 0;
  /// Once it has run.
  virtual void add_to(LatencyReport& /*report*/) const {}
};

/// One way of driving the clients of a case; each is a file of this folder. Made by a function
/// `std::unique_ptr<Generator> make_<name>(const CrewSetup&)`, which throws SetupError where the
/// case cannot be had, before anybody connects.
class Generator {
 public:
  Generator() = default;
  Generator(const Generator&) = delete;
  Generator& operator=(const Generator&) = delete;
  virtual ~Generator() = default;

  /// `per_cpu`: clients are connected and spread over threads; `none`: nobody connects.
  enum class Threads { per_cpu, none };
  [[nodiscard]] virtual Threads threads() const { return Threads::per_cpu; }
  /// 15 characters at most (pthread_setname_np(3)).
  [[nodiscard]] virtual const char* thread_name() const = 0;
  /// For one thread; the generator outlives it. Throws SetupError.
  virtual std::unique_ptr<Worker> make_worker(Job job) = 0;
  /// What is counted elsewhere than by its threads.
  virtual void add_to(Counts& /*counts*/) const {}
  /// Nothing more will be sent: ends what it has running beside the threads. Idempotent.
  virtual void finish() {}
  /// Adds how it sends, receives and waits.
  virtual void describe(Facts& facts, std::span<const Placement> placements) const = 0;
};

/// That of the case's link where it drops what is sent, else of its workload.
std::unique_ptr<Generator> make_generator(const CrewSetup& setup);

}  // namespace ub::load
