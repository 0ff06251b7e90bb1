#include "uringbench/base/mapped_memory.hpp"

#include <fmt/format.h>

#include <cerrno>

#include "uringbench/base/error.hpp"
#include "uringbench/base/units.hpp"

namespace ub {
namespace {

std::byte* map(int fd, std::size_t size_bytes, int flags) {
  void* memory = ::mmap(nullptr, size_bytes, PROT_READ | PROT_WRITE, flags, fd, 0);
  if (memory == MAP_FAILED) {
    throw_setup_error(fmt::format("mapping {} of memory", format_size(size_bytes)), errno,
                      "choose a smaller --size, --working-set or --clients");
  }
  return static_cast<std::byte*>(memory);
}

}  // namespace

MappedMemory MappedMemory::anonymous(std::size_t size_bytes) {
  return {map(-1, size_bytes, MAP_PRIVATE | MAP_ANONYMOUS), size_bytes};
}

MappedMemory MappedMemory::of_file(int fd, std::size_t size_bytes) {
  return {map(fd, size_bytes, MAP_SHARED), size_bytes};
}

}  // namespace ub
