// What the path seam costs: a virtual call a message, and what two-copy does before it sends.
#include <benchmark/benchmark.h>

#include <cstring>
#include <memory>
#include <vector>

#include "setup.hpp"

namespace ub::micro {
namespace {

/// SyscallPath::send() of the null path through the base class.
void null_path_call(benchmark::State& state) {
  const Setup setup("null", 64);
  const std::unique_ptr<path::SyscallPath> path =
      setup.engine.path->make_syscall({.messages = &setup.messages});
  const path::Payload payload{.messages = &setup.messages, .count = 1};
  path::SyscallPath* base = path.get();
  for (auto _ : state) {
    benchmark::DoNotOptimize(base);  // or the compiler could find out which class it is
    benchmark::DoNotOptimize(base->send(payload));
  }
}
BENCHMARK(null_path_call);

void flatten(const net::MessageSet& messages, std::uint32_t index, std::byte* out) {
  for (const iovec& field : messages.fields_of(index, 1)) {
    if (field.iov_len == 0) continue;
    std::memcpy(out, field.iov_base, field.iov_len);
    out += field.iov_len;
  }
}

/// The work of two-copy that gather saves: eight heap fields into one buffer, message after message
/// of the working set.
void flatten_message(benchmark::State& state) {
  const auto size_bytes = static_cast<std::uint64_t>(state.range(0));
  const Setup setup("two-copy", size_bytes);
  std::vector<std::byte> out(size_bytes);
  std::uint32_t index = 0;
  for (auto _ : state) {
    flatten(setup.messages, index, out.data());
    benchmark::ClobberMemory();
    index = index + 1 == setup.messages.count() ? 0 : index + 1;
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(flatten_message)->Arg(64)->Arg(4096)->Arg(65536);

}  // namespace
}  // namespace ub::micro
