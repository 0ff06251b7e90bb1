// What sampling and counting take from a role, apart from all else: from one that only computes,
// where it is the interrupts, and from one that is switched all the time, where it is what hangs on
// threads.
#include <benchmark/benchmark.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <string>
#include <variant>

#include "uringbench/base/affinity.hpp"
#include "uringbench/perf/meters.hpp"
#include "uringbench/perf/sampler.hpp"

namespace ub::micro {
namespace {

constexpr std::uint32_t kHz = 997;

enum class Watched { no, sampled_on_cpu, sampled_on_threads, counted_on_threads };

/// Watches this process, all of which is on one CPU.
class Watch {
 public:
  explicit Watch(Watched how) {
    pin_this_thread({cpu_});
    if (how == Watched::counted_on_threads)
      meter_.emplace(perf::CounterSelection{{"task_clock", "migrations"}});
    if (how == Watched::sampled_on_cpu) sample(perf::EventsOn::cpus);
    if (how == Watched::sampled_on_threads) sample(perf::EventsOn::threads);
  }

  /// Why it does not watch; empty when it does.
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  void sample(perf::EventsOn on) {
    auto opened = perf::Sampler::open({.cpus = {cpu_}, .frequency_hz = kHz, .events_on = on});
    if (const auto* none = std::get_if<Unavailable>(&opened)) {
      problem_ = none->reason;
      return;
    }
    sampler_.emplace(std::get<perf::Sampler>(std::move(opened)));
    sampler_->start();
  }

  int cpu_ = allowed_cpus().back();
  std::optional<perf::RoleMeter> meter_;
  std::optional<perf::Sampler> sampler_;
  std::string problem_;
};

void compute(benchmark::State& state, Watched how) {
  const Watch watch(how);
  if (!watch.problem().empty()) state.SkipWithError(watch.problem().c_str());
  for (auto _ : state) {
    for (int i = 0; i < 1'000'000; ++i) asm volatile("" : : "r"(i));
  }
}
BENCHMARK_CAPTURE(compute, unwatched, Watched::no)->MeasureProcessCPUTime();
BENCHMARK_CAPTURE(compute, sampled_on_cpu, Watched::sampled_on_cpu)->MeasureProcessCPUTime();

/// A process of its own on this CPU, which nobody watches and which answers each byte with one. It
/// must be another process: between two threads that inherited the same events the kernel leaves
/// them where they are.
class Partner {
 public:
  Partner() {
    opened_ = ::pipe(there_.data()) == 0 && ::pipe(back_.data()) == 0;
    if (opened_) child_ = ::fork();
    if (child_ == 0) answer();
  }
  Partner(const Partner&) = delete;
  Partner& operator=(const Partner&) = delete;
  ~Partner() {
    for (const int end : {there_[0], there_[1], back_[0], back_[1]}) ::close(end);
    if (child_ > 0) ::waitpid(child_, nullptr, 0);
  }

  /// Two context switches.
  bool round() {
    return opened_ && ::write(there_[1], &byte_, 1) == 1 && ::read(back_[0], &byte_, 1) == 1;
  }

 private:
  /// Until the other end of the pipe is closed.
  [[noreturn]] void answer() {
    ::close(there_[1]);
    while (::read(there_[0], &byte_, 1) == 1 && ::write(back_[1], &byte_, 1) == 1) {
    }
    ::_exit(0);
  }

  std::array<int, 2> there_{-1, -1};
  std::array<int, 2> back_{-1, -1};
  pid_t child_ = -1;
  char byte_ = 0;
  bool opened_ = false;
};

void ping_pong(benchmark::State& state, Watched how) {
  pin_this_thread({allowed_cpus().back()});
  Partner partner;
  const Watch watch(how);
  if (!watch.problem().empty()) state.SkipWithError(watch.problem().c_str());
  for (auto _ : state) {
    if (partner.round()) continue;
    state.SkipWithError("no pipe");
    break;
  }
}
BENCHMARK_CAPTURE(ping_pong, unwatched, Watched::no)->MeasureProcessCPUTime();
BENCHMARK_CAPTURE(ping_pong, sampled_on_cpu, Watched::sampled_on_cpu)->MeasureProcessCPUTime();
BENCHMARK_CAPTURE(ping_pong, sampled_on_threads, Watched::sampled_on_threads)
    ->MeasureProcessCPUTime();
BENCHMARK_CAPTURE(ping_pong, counted_on_threads, Watched::counted_on_threads)
    ->MeasureProcessCPUTime();

}  // namespace
}  // namespace ub::micro
