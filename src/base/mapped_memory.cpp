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

MappedMemory MappedMemory::huge(std::size_t size_bytes) {
  constexpr std::size_t kPageBytes = 2U << 20U;  // x86-64 and arm64 with 4 KiB pages
  const std::size_t pages = (size_bytes + kPageBytes - 1) / kPageBytes;
  constexpr int kHuge2M = 21 << MAP_HUGE_SHIFT;
  void* memory = ::mmap(nullptr, pages * kPageBytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | kHuge2M, -1, 0);
  if (memory == MAP_FAILED) {
    // Without an errno: pages that nobody has reserved are not there today or tomorrow.
    throw SetupError(fmt::format(
        "mapping {} in {} huge pages of 2M: {}; `sysctl -w vm.nr_hugepages={}` makes room",
        format_size(size_bytes), pages, describe_errno(errno), pages + 8));
  }
  return {static_cast<std::byte*>(memory), pages * kPageBytes};
}

MappedMemory MappedMemory::of_file(int fd, std::size_t size_bytes) {
  return {map(fd, size_bytes, MAP_SHARED), size_bytes};
}

}  // namespace ub
