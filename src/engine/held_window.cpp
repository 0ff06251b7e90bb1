#include "held_window.hpp"

#include <bit>

#include "uringbench/base/check.hpp"

namespace ub::engine {

HeldWindow::HeldWindow(std::uint32_t capacity, std::uint32_t first)
    : capacity_(capacity), slots_(std::bit_ceil(capacity)), oldest_(first), next_(first) {
  check(capacity > 0, "a window holds an operation at least");
}

void HeldWindow::begin() {
  check(has_room(), "an operation begins only when the window has room");
  slot(next_) = {.bytes = 0, .held = 0, .open = true};
  ++next_;
}

void HeldWindow::hold(std::uint64_t bytes) {
  Slot& newest = slot(next_ - 1);
  newest.bytes += bytes;
  ++newest.held;
  ++attempts_held_;
  bytes_held_ += bytes;
}

std::uint32_t HeldWindow::end() {
  slot(next_ - 1).open = false;
  return advance();
}

std::optional<std::uint32_t> HeldWindow::release(std::uint32_t operation) {
  if (operation - oldest_ >= next_ - oldest_ || slot(operation).held == 0) return std::nullopt;
  Slot& released = slot(operation);
  --attempts_held_;
  if (--released.held == 0) {
    bytes_held_ -= released.bytes;
    released.bytes = 0;
  }
  return advance();
}

std::uint32_t HeldWindow::advance() {
  const std::uint32_t before = oldest_;
  while (oldest_ != next_ && slot(oldest_).held == 0 && !slot(oldest_).open) ++oldest_;
  return oldest_ - before;
}

}  // namespace ub::engine
