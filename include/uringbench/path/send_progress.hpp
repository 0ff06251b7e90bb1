#pragma once

#include <cstdint>
#include <vector>

namespace ub::path {

/// Where one attempt to send stands.
enum class SendState : std::uint8_t {
  done,         ///< ended; fewer bytes than asked for make a short send, to be continued
  in_flight,    ///< accepted by the ring; more completions follow
  would_block,  ///< the socket is full; nothing was taken
  starved,      ///< a limit on zero-copy memory is reached (`error`); a Release makes room
  failed,       ///< `error` says why; the connection is of no more use
  unchanged,    ///< this completion says nothing about the send, only about buffers
};

/// Whose the payload's memory is when the attempt has ended.
enum class BufferState : std::uint8_t {
  free,  ///< ours again
  held,  ///< the kernel's, until a Release names the operation once for this attempt
};

/// What the kernel said of its own copying.
enum class CopyReport : std::uint8_t {
  none,        ///< the path never asked it not to copy
  real,        ///< not copied
  copied,      ///< asked not to, and copied after all
  unreported,  ///< asked not to; the kernel has no way to say
};

/// Whether what RingPath::watch() armed is still armed.
enum class Watch : std::uint8_t {
  armed,
  ended,  ///< the kernel gave up a multishot request, as it does when the completion queue
          ///< overflows
};

/// All that a path and an engine exchange about a send.
struct SendProgress {
  std::uint64_t bytes = 0;  ///< newly accepted by the kernel
  SendState state = SendState::done;
  BufferState buffer = BufferState::free;
  CopyReport copy = CopyReport::none;  ///< of a send whose buffer is free at once
  int error = 0;                       ///< positive errno when failed or starved
  Watch watch = Watch::armed;
  std::uint32_t system_calls = 0;   ///< made by the path itself, for counting
  std::uint32_t notifications = 0;  ///< read: completions, or messages of the error queue, each of
                                    ///< which may release several sends
};

/// One attempt of `operation` has its buffer back.
struct Release {
  std::uint32_t operation = 0;
  CopyReport copy = CopyReport::unreported;
};

/// Filled by the path, emptied by the engine. Reserved beforehand, so that it does not allocate
/// while measuring.
using Releases = std::vector<Release>;

}  // namespace ub::path
