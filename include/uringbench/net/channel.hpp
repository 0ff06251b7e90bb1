#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "uringbench/base/unique_fd.hpp"
#include "uringbench/model/json.hpp"

namespace ub::net {

/// Why a channel gave no message.
struct ChannelEnd {
  enum class Kind {
    timeout,      ///< the deadline passed; the channel is still good
    interrupted,  ///< the interrupt descriptor became readable; the channel is still good
    closed,       ///< the peer is gone
    malformed,    ///< the peer sent what the protocol forbids
    failed,       ///< a system call failed
  };

  Kind kind = Kind::failed;
  std::string reason;  ///< one sentence
};

/// The control protocol's transport: whole messages over a stream socket, or over a pair of pipes,
/// which is what a command or sshd(8) gives a program. A message is one JSON object with a "type"
/// text, sent as a 4-byte big-endian length and that many bytes of UTF-8. The peer is not trusted:
/// length, nesting and number of values are capped and the text is parsed strictly.
///
/// After `closed`, `malformed` or `failed` every later call gives the same end again: the place of
/// the next message in the stream is lost. For one thread at a time.
class Channel {
 public:
  static constexpr std::size_t kMaxMessageBytes = 4U << 20U;
  static constexpr int kMaxDepth = 16;
  static constexpr std::size_t kMaxValues = 200'000;
  /// A peer that reads nothing for so long is dead: control messages are small and rare.
  static constexpr std::uint64_t kSendTimeoutNs = 10'000'000'000;

  /// `fd` is a connected stream socket; whether it blocks does not matter.
  explicit Channel(UniqueFd fd);
  /// A descriptor to read from and one to write to: pipes, sockets or terminals, whether they block
  /// or not. Writing to a pipe that nobody reads raises SIGPIPE, which the process has to ignore.
  Channel(UniqueFd in, UniqueFd out);

  /// Sends all of `message`; nullopt when done. A timeout here ends the channel, as half a message
  /// may have gone. Text that is not UTF-8 is sent with U+FFFD in its place.
  [[nodiscard]] std::optional<ChannelEnd> send(const Json& message);

  /// Says why this end goes, after a call has failed: sends once more, where sending is whole.
  void last_words(const Json& message);

  /// The next message, waiting until `deadline_ns` of now_ns(). What arrived of a message before a
  /// timeout or an interruption is kept. `interrupt_fd` (an eventfd, say) is only polled, never
  /// read.
  [[nodiscard]] std::variant<Json, ChannelEnd> receive(std::uint64_t deadline_ns,
                                                       int interrupt_fd = -1);

  /// Readable when there is something to receive, or the peer has gone.
  [[nodiscard]] int fd() const { return in_.get(); }

 private:
  std::optional<ChannelEnd> send_bytes(std::string_view bytes);
  std::optional<ChannelEnd> fill(std::size_t size_bytes, std::uint64_t deadline_ns,
                                 int interrupt_fd);
  std::optional<ChannelEnd> wait_readable(std::uint64_t deadline_ns, int interrupt_fd);
  std::optional<ChannelEnd> read_some(std::size_t most_bytes);
  ChannelEnd end(ChannelEnd::Kind kind, std::string reason);

  [[nodiscard]] int out_fd() const { return out_ ? out_.get() : in_.get(); }

  UniqueFd in_;
  UniqueFd out_;  ///< closed where `in_` goes both ways
  bool reads_socket_ = false;
  bool writes_socket_ = false;
  std::string received_;            ///< of the message that is arriving, its length included
  std::optional<ChannelEnd> over_;  ///< set once the channel cannot go on
  bool sends_whole_ = true;         ///< no message was begun and not ended
};

/// Two connected ends, close-on-exec. Throws SetupError.
std::pair<UniqueFd, UniqueFd> channel_pair();

}  // namespace ub::net
