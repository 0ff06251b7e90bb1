#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "uringbench/base/mapped_memory.hpp"
#include "uringbench/base/unique_fd.hpp"
#include "uringbench/model/case.hpp"

namespace ub::net {

/// How a path wants its messages to lie in memory.
enum class Layout {
  fields,      ///< each message is `fields` separate heap allocations, as most programs have it
  contiguous,  ///< built in place: messages back to back in anonymous pages
  file,        ///< back to back in a memfd, for sendfile(2) and splice(2)
};

/// What Layout::contiguous lies in.
enum class Pages { normal, huge };

/// The messages one server rotates through: `count()` distinct messages of `size_bytes()` each.
/// Message k of every connection is message k mod count() of the set, so a receiver can check every
/// byte from the case alone. Immutable after construction, so threads and connections share it
/// without locks; several connections may send the same message at once, as a file cache does.
class MessageSet {
 public:
  /// Shape of a set; two sets of equal shape hold equal bytes whatever their layout.
  struct Shape {
    std::uint64_t size_bytes = 0;         ///< of one message
    std::uint64_t working_set_bytes = 0;  ///< wanted; see effective_count()
    std::uint32_t fields = 8;
    std::uint32_t batch = 1;
  };

  /// Throws SetupError. `pages` is for Layout::contiguous.
  MessageSet(const Shape& shape, Layout layout, Pages pages = Pages::normal);

  [[nodiscard]] std::uint32_t count() const { return count_; }
  [[nodiscard]] std::uint64_t size_bytes() const { return shape_.size_bytes; }
  [[nodiscard]] std::uint32_t fields() const { return shape_.fields; }
  [[nodiscard]] Layout layout() const { return layout_; }

  /// The fields of messages `first` … `first + count - 1`, in order: fields() entries a message,
  /// the empty ones included. Layout::fields only; the range must not pass the end of the set.
  [[nodiscard]] std::span<const iovec> fields_of(std::uint32_t first, std::uint32_t count) const;

  /// Start of message `index`; messages follow each other without gaps. Not for Layout::fields.
  [[nodiscard]] std::byte* at(std::uint32_t index) const {
    return memory_.data() + std::uint64_t{index} * shape_.size_bytes;
  }

  /// All messages as one range, for registering. Not for Layout::fields.
  [[nodiscard]] std::span<std::byte> region() const { return {memory_.data(), bytes()}; }

  /// The memfd of Layout::file; -1 otherwise.
  [[nodiscard]] int file() const { return file_.get(); }

  [[nodiscard]] std::uint64_t bytes() const { return count_ * shape_.size_bytes; }

 private:
  void build_fields();
  void build_contiguous(Pages pages);

  Shape shape_;
  Layout layout_;
  std::uint32_t count_;
  std::vector<std::unique_ptr<std::byte[]>> heap_;
  std::vector<iovec> fields_;
  MappedMemory memory_;
  UniqueFd file_;
};

/// Shape of the messages of a case.
MessageSet::Shape shape_of(const Case& the_case);

Pages pages_of(const Case& the_case);

/// How many distinct messages fill the working set: at least kFewestOperations batches, at most
/// kMostMessages, and a whole number of batches, so that an operation never wraps round the end of
/// the set.
std::uint32_t effective_count(const MessageSet::Shape& shape);

/// A zero-copy sender needs other buffers while the kernel holds some.
inline constexpr std::uint32_t kFewestOperations = 4;
inline constexpr std::uint32_t kMostMessages = 1U << 20;

/// The bytes of message `index`: every 8-byte word differs within a message and between messages,
/// so that a lost, doubled, shifted or swapped piece shows. `out` may be any length.
void fill_message(std::span<std::byte> out, std::uint32_t index);

}  // namespace ub::net
