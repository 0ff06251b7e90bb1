#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace ub::engine {

/// The operations of one connection whose buffers the kernel may still hold: a window over the
/// operation numbers, at most `capacity` wide, which moves when its oldest operation has everything
/// back. Numbers wrap at 2^32; there are a power of two of slots, so they stay right across the
/// wrap.
class HeldWindow {
 public:
  /// `capacity` at least 1. `first` is the number of the first operation: 0 except in tests of the
  /// wrap.
  explicit HeldWindow(std::uint32_t capacity, std::uint32_t first = 0);

  /// Room for one more operation.
  [[nodiscard]] bool has_room() const { return next_ - oldest_ < capacity_; }
  /// Attempts, of all operations, whose buffer is held.
  [[nodiscard]] std::uint32_t attempts_held() const { return attempts_held_; }

  /// Bytes of operations of which an attempt holds its buffer. Those of an attempt count until the
  /// last of its operation has come back.
  [[nodiscard]] std::uint64_t bytes_held() const { return bytes_held_; }

  /// Begins the next operation. Needs room.
  void begin();
  /// One attempt of the newest operation holds its buffer: `bytes` of it.
  void hold(std::uint64_t bytes);
  /// The newest operation is accepted in full: no further attempt follows. Returns how many of the
  /// oldest operations left the window.
  std::uint32_t end();
  /// One attempt of `operation` has its buffer back. Returns as end() does; nullopt when nothing of
  /// the operation is held: a bug, or a kernel that releases twice.
  std::optional<std::uint32_t> release(std::uint32_t operation);

 private:
  struct Slot {
    std::uint64_t bytes = 0;
    std::uint32_t held = 0;
    bool open = false;
  };

  Slot& slot(std::uint32_t operation) { return slots_[operation & (slots_.size() - 1)]; }
  std::uint32_t advance();

  std::uint32_t capacity_;
  std::vector<Slot> slots_;
  std::uint32_t oldest_;
  std::uint32_t next_;
  std::uint32_t attempts_held_ = 0;
  std::uint64_t bytes_held_ = 0;
};

}  // namespace ub::engine
