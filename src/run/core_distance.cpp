#include "core_distance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>
#include <vector>

#include "uringbench/base/affinity.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/thread.hpp"
#include "uringbench/stats/quantile.hpp"

namespace ub::run {
namespace {

constexpr std::uint64_t kMeasureNs = 3'000'000;
constexpr std::uint64_t kPatienceNs = 12'000'000;  // another process may hold one of the CPUs
constexpr int kTripsAtOnce = 50;                   // so that reading the clock costs nothing
constexpr std::size_t kEnough = 200;

/// Two, as the prefetcher of x86 takes lines in pairs.
constexpr std::size_t kLine = 128;

/// The two ends write to one line each: one value there and back is a round trip.
struct Court {
  alignas(kLine) std::atomic<std::uint64_t> ball{0};
  alignas(kLine) std::atomic<std::uint64_t> returned{0};
  alignas(kLine) std::atomic<bool> over{false};
};

void return_balls(Court& court, int cpu) {
  try {
    pin_this_thread({cpu});
  } catch (const SetupError&) {
    return;  // the other end finds nobody and gives up
  }
  std::uint64_t last = 0;
  while (!court.over.load(std::memory_order_relaxed)) {
    const std::uint64_t ball = court.ball.load(std::memory_order_acquire);
    if (ball != last) court.returned.store(last = ball, std::memory_order_release);
  }
}

/// False when the deadline passed before the ball was back.
bool play(Court& court, std::uint64_t ball, std::uint64_t deadline_ns) {
  constexpr unsigned kLooks = 4096;  // between two looks at the clock
  court.ball.store(ball, std::memory_order_release);
  for (unsigned looks = 1; court.returned.load(std::memory_order_acquire) != ball; ++looks) {
    if (looks % kLooks == 0 && now_ns() > deadline_ns) return false;
  }
  return true;
}

/// Mean time of a round trip in each of several runs of kTripsAtOnce.
std::vector<double> play_at_length(Court& court) {
  const std::uint64_t give_up = now_ns() + kPatienceNs;
  std::vector<double> means;
  std::uint64_t ball = 0;
  if (!play(court, ++ball, give_up)) return means;  // the other thread runs now
  const std::uint64_t end = std::min(now_ns() + kMeasureNs, give_up);
  for (std::uint64_t from = now_ns(); from < end && means.size() < kEnough;) {
    for (int trip = 0; trip < kTripsAtOnce; ++trip) {
      if (!play(court, ++ball, give_up)) return means;
    }
    const std::uint64_t to = now_ns();
    means.push_back(static_cast<double>(to - from) / kTripsAtOnce);
    from = to;
  }
  return means;
}

void serve_balls(Court& court, int cpu, std::vector<double>& means) {
  try {
    pin_this_thread({cpu});
    means = play_at_length(court);
  } catch (const SetupError&) {  // as if nobody were there
  }
}

/// Lets the far end go, also when there is no near end.
class EndOfGame {
 public:
  explicit EndOfGame(Court& court) : court_(court) {}
  EndOfGame(const EndOfGame&) = delete;
  EndOfGame& operator=(const EndOfGame&) = delete;
  ~EndOfGame() { court_.over.store(true, std::memory_order_relaxed); }

 private:
  Court& court_;
};

std::optional<std::pair<int, int>> two_that_differ(const CpuList& server, const CpuList& client) {
  for (const int s : server) {
    for (const int c : client) {
      if (s != c) return std::pair{s, c};
    }
  }
  return std::nullopt;
}

}  // namespace

Reading core_round_trip(const RoleCpus& cpus) {
  const CpuList server = parse_cpu_list(cpus.server).value_or(CpuList{});
  const CpuList client = parse_cpu_list(cpus.client).value_or(CpuList{});
  if (server.empty() || client.empty()) return Unavailable{"a role is not pinned to CPUs"};
  const auto pair = two_that_differ(server, client);
  if (!pair) return Unavailable{fmt::format("both roles share CPU {}", server.front())};
  Court court;
  std::vector<double> means;
  try {
    const auto far_end = start_thread("a thread", [&] { return_balls(court, pair->second); });
    const EndOfGame end(court);
    const auto near_end = start_thread("a thread", [&] { serve_balls(court, pair->first, means); });
  } catch (const SetupError& error) {
    return Unavailable{error.what()};
  }
  if (means.empty()) {
    return Unavailable{fmt::format("CPUs {} and {} could not both be had for a few milliseconds",
                                   pair->first, pair->second)};
  }
  return Counted{.value = *stats::median(means), .running = 1};
}

}  // namespace ub::run
