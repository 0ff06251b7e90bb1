#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace ub::engine {

/// Keeps the first thing that went wrong. Any thread may write and read it; never touched while all
/// is well.
class FailureNote {
 public:
  void set(std::string text) {
    const std::scoped_lock lock(mutex_);
    if (text_.empty()) text_ = std::move(text);
  }

  [[nodiscard]] std::string get() const {
    const std::scoped_lock lock(mutex_);
    return text_;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

/// "client 3: send failed: EPIPE (Broken pipe)", with the limit to raise where the errno means one.
std::string describe_send_failure(std::uint32_t connection, int error);

/// "client 3: receive failed: ECONNRESET (…)"; 0: its stream ended in the middle of a request.
std::string describe_receive_failure(std::uint32_t connection, int error);

/// "accepting a client: EMFILE (Too many open files); raise `ulimit -n`".
std::string describe_accept_failure(int error);

/// What the kernel refused to an engine as a whole: "the server's loop: io_uring_enter: ENOMEM
/// (Cannot allocate memory)", with the limit behind it where the errno means one.
std::string describe_loop_failure(std::string_view call, int error);

/// What finish() says of connections it had to stop.
std::string describe_stalled(std::uint32_t connections);

/// Whether an errno of accept(2) concerns one client that is gone again and no other; accept(2)
/// lists these as to be treated like EAGAIN. After any other, EMFILE most of all, asking again
/// would only turn in a circle.
bool concerns_one_client(int accept_error);

}  // namespace ub::engine
