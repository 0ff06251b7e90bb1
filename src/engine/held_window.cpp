#include "held_window.hpp"

#include <bit>

#include "uringbench/base/check.hpp"

namespace ub::engine {

HeldWindow::HeldWindow(std::uint32_t capacity, std::uint32_t first)
    : slots_(capacity), oldest_(first), next_(first) {
  check(std::has_single_bit(capacity), "a window's capacity is a power of two");
}

void HeldWindow::begin() {
  check(has_room(), "an operation begins only when the window has room");
  slot(next_) = {.held = 0, .open = true};
  ++next_;
}

void HeldWindow::hold() {
  ++slot(next_ - 1).held;
  ++attempts_held_;
}

std::uint32_t HeldWindow::end() {
  slot(next_ - 1).open = false;
  return advance();
}

std::optional<std::uint32_t> HeldWindow::release(std::uint32_t operation) {
  if (operation - oldest_ >= next_ - oldest_ || slot(operation).held == 0) return std::nullopt;
  --slot(operation).held;
  --attempts_held_;
  return advance();
}

std::uint32_t HeldWindow::advance() {
  const std::uint32_t before = oldest_;
  while (oldest_ != next_ && slot(oldest_).held == 0 && !slot(oldest_).open) ++oldest_;
  return oldest_ - before;
}

}  // namespace ub::engine
