// What the engine adds to every message: book-keeping, counting, and the clock where it is read.
#include <benchmark/benchmark.h>

#include "setup.hpp"
#include "stream.hpp"
#include "uringbench/base/clock.hpp"

namespace ub::micro {
namespace {

/// A message of a copying path: begun, accepted whole, booked.
void stream_copying(benchmark::State& state) {
  const Setup setup("two-copy", 64);
  engine::ServerTally tally;
  engine::SendClock clock;
  engine::Stream stream(setup.messages, setup.engine, tally, clock);
  for (auto _ : state) {
    stream.begin();
    benchmark::DoNotOptimize(
        stream.account({.bytes = stream.payload().left_bytes(), .system_calls = 1}));
  }
}
BENCHMARK(stream_copying);

/// A message of a zero-copy path: the same, and its buffer held and given back.
void stream_zero_copy(benchmark::State& state) {
  const Setup setup("send-zc", 64);
  engine::ServerTally tally;
  engine::SendClock clock;
  engine::Stream stream(setup.messages, setup.engine, tally, clock);
  path::Releases releases = engine::reserved_releases();
  for (auto _ : state) {
    stream.begin();
    const path::Payload& payload = stream.payload();
    benchmark::DoNotOptimize(
        stream.account({.bytes = payload.left_bytes(), .buffer = path::BufferState::held}));
    releases.push_back({.operation = payload.operation, .copy = path::CopyReport::copied});
    benchmark::DoNotOptimize(stream.account(releases));
  }
}
BENCHMARK(stream_zero_copy);

void count_add(benchmark::State& state) {
  engine::ServerTally tally;
  engine::SendClock clock;
  for (auto _ : state) {
    tally.sends.messages.add(1);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(count_add);

void clock_now(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(now_ns());
}
BENCHMARK(clock_now);

}  // namespace
}  // namespace ub::micro
