#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace ub {

/// What a piece of CPU time was spent on. The order is that of a report: what the program does
/// itself, what moves the bytes, what the kernel does around it.
enum class Category {
  user,           ///< user code
  flatten,        ///< memcpy in user mode: the flatten copy, or building a message in place
  copy_in,        ///< user to kernel
  copy_out,       ///< kernel to user
  deferred_copy,  ///< of a zero-copy send that met a receiver which cannot have the user's pages
  pinning,        ///< finding, pinning and letting go of pages; the page cache for sendfile
  allocation,     ///< memory and socket buffers
  tcp_ip,
  device,  ///< loopback or device, softirq, interrupts
  wakeup,  ///< socket lock, waiting, wake-up
  scheduler,
  syscall,  ///< entry, exit, and the socket layer above TCP
  uring_submit,
  uring_complete,
  notification,  ///< zero-copy notifications and the error queue
  idle,
  unclassified,
};

/// All of them, in order.
std::span<const Category> all_categories();

/// "deferred-copy": in files, and in the rules. Never changes.
std::string_view to_text(Category category);
/// "deferred zero-copy copy": in reports.
std::string_view label(Category category);

/// The inverse of to_text(); nullopt for a text that names none.
std::optional<Category> category_from_text(std::string_view text);

}  // namespace ub
