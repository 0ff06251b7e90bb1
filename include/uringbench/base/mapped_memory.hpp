#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <utility>

namespace ub {

/// Owns one mmap(2) mapping. Move-only; pages are zero until written.
class MappedMemory {
 public:
  MappedMemory() = default;

  /// Private anonymous pages. Throws SetupError when there is no memory.
  static MappedMemory anonymous(std::size_t size_bytes);
  /// The same in huge pages (MAP_HUGETLB, mmap(2)), rounded up to whole ones. Throws SetupError
  /// when the pool has too few.
  static MappedMemory huge(std::size_t size_bytes);
  /// The first `size_bytes` of `fd`, shared and writable.
  static MappedMemory of_file(int fd, std::size_t size_bytes);

  MappedMemory(MappedMemory&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  MappedMemory& operator=(MappedMemory&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  MappedMemory(const MappedMemory&) = delete;
  MappedMemory& operator=(const MappedMemory&) = delete;
  ~MappedMemory() {
    if (data_ != nullptr) ::munmap(data_, size_);
  }

  [[nodiscard]] std::byte* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  MappedMemory(std::byte* data, std::size_t size) : data_(data), size_(size) {}

  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace ub
