#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "uringbench/engine/engine.hpp"

namespace ub::engine {

/// Overwrites messages that were given back, and restores them when they are taken: whoever gives
/// a message back while the kernel still reads it spoils the stream. Single connection only, as
/// connections share the messages. It also keeps account of who has what.
class Scribbler : public BufferWatcher {
 public:
  void taken(const net::MessageSet& messages, std::uint32_t first, std::uint32_t count) override;
  void given_back(const net::MessageSet& messages, std::uint32_t first,
                  std::uint32_t count) override;

  /// Messages handed out so far.
  [[nodiscard]] std::uint64_t taken_in_all() const { return taken_in_all_; }
  /// Messages not yet given back.
  [[nodiscard]] std::uint64_t still_out() const { return still_out_; }
  /// The most that were out at a time.
  [[nodiscard]] std::uint64_t most_out() const { return most_out_; }
  /// Messages taken twice, or given back without having been taken.
  [[nodiscard]] std::uint64_t faults() const { return faults_; }

 protected:
  /// What a message holds while it is out.
  virtual void restore(const net::MessageSet& messages, std::uint32_t index);
  static void scribble(const net::MessageSet& messages, std::uint32_t index);

 private:
  std::vector<bool> out_;
  std::uint64_t taken_in_all_ = 0;
  std::uint64_t still_out_ = 0;
  std::uint64_t most_out_ = 0;
  std::uint64_t faults_ = 0;
};

/// A negative control: overwrites the messages of an operation as soon as the next one begins, that
/// is when the kernel has accepted them, whether or not it has let go of them.
class HastyScribbler final : public Scribbler {
 public:
  void taken(const net::MessageSet& messages, std::uint32_t first, std::uint32_t count) override;

 private:
  std::optional<std::uint32_t> last_first_;
};

/// A negative control: hands messages out spoiled.
class Spoiler final : public Scribbler {
  void restore(const net::MessageSet& messages, std::uint32_t index) override {
    scribble(messages, index);
  }
};

}  // namespace ub::engine
