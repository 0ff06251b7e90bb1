#pragma once

#include <functional>
#include <memory>
#include <ostream>

#include "uringbench/receive/registry.hpp"

namespace ub::receive {

/// How a test drives a path.
enum class Way : std::uint8_t {
  waits,  ///< system calls that block
  polls,  ///< system calls that do not wait, and poll(2)
  rings,  ///< a ring
};

EngineKind engine_of(Way way);

/// The probe of this kernel, run once.
const uring::Probe& probe();

/// What came out of receiving until the stream ended or failed.
struct Outcome {
  std::uint64_t bytes = 0;
  std::uint64_t mapped = 0;
  std::uint64_t exhausted = 0;     ///< times
  std::uint64_t ended_early = 0;   ///< completions with bytes that ended the ring's request
  std::uint64_t system_calls = 0;  ///< by the path itself
  ReceiveState state = ReceiveState::would_block;  ///< the last; would_block when nothing came in
                                                   ///< 30 s
  int error = 0;
  std::uint64_t buffers = 0;
  std::uint64_t buffers_free = 0;  ///< at the end
};

struct Drain {
  const Descriptor* path = nullptr;
  Way way = Way::waits;
  int fd = -1;
  std::uint64_t buffer_bytes = 16384;
  std::uint64_t memory_bytes = kSharedMemoryBytes;
  std::function<void(std::uint64_t)> on_bytes =
      {};  ///< told the sum after every progress; may be empty
};

/// Receives all of one connection.
Outcome drain(const Drain& options, ByteSink& sink);

}  // namespace ub::receive
