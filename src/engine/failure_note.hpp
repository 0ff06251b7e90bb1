#pragma once

#include <mutex>
#include <string>

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

/// What finish() says of connections it had to break off.
std::string describe_stalled(std::uint32_t connections);

}  // namespace ub::engine
