#include "perf_ring.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "record_parser.hpp"
#include "uringbench/base/check.hpp"
#include "uringbench/base/error.hpp"

namespace ub::perf {
namespace {

constexpr std::size_t kFewestPages = 16;

std::size_t page_size() {
  return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::optional<MappedMemory> try_map(int fd, std::size_t size_bytes) {
  try {
    return MappedMemory::of_file(fd, size_bytes);
  } catch (const SetupError&) {
    return std::nullopt;  // too much locked memory; the caller asks for less
  }
}

}  // namespace

std::variant<PerfRing, Unavailable> PerfRing::map(int fd, std::size_t size_bytes) {
  const std::size_t page = page_size();
  check(size_bytes % page == 0, "a perf ring is whole pages");
  for (; size_bytes >= kFewestPages * page; size_bytes /= 2) {
    auto memory = try_map(fd, page + size_bytes);  // one page of head and tail before the data
    if (memory) return PerfRing(std::move(*memory));
  }
  return Unavailable{fmt::format(
      "no locked memory left for sampling; raise sysctl kernel.perf_event_mlock_kb or ulimit -l, "
      "or give the program CAP_IPC_LOCK ({} KiB a CPU are needed)",
      (kFewestPages + 1) * page / 1024)};
}

PerfRing::PerfRing(MappedMemory memory)
    : memory_(std::move(memory)), unwrapped_(memory_.size() - page_size()) {}

void PerfRing::drain(Profile& profile, std::optional<pid_t> only) {
  auto* const page = reinterpret_cast<perf_event_mmap_page*>(memory_.data());
  const std::byte* const data = memory_.data() + memory_.size() - unwrapped_.size();
  // perf_event_open(2): the kernel writes data before data_head, so acquire; it overwrites after
  // data_tail has moved, so release.
  const std::uint64_t head = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE);
  const std::uint64_t tail = page->data_tail;
  const std::size_t length = head - tail;
  const std::size_t begin = tail % unwrapped_.size();
  const std::size_t before_end = std::min(length, unwrapped_.size() - begin);
  std::copy_n(data + begin, before_end, unwrapped_.begin());
  std::copy_n(data, length - before_end,
              unwrapped_.begin() + static_cast<std::ptrdiff_t>(before_end));
  parse_records(std::span(unwrapped_).first(length), profile, only);
  __atomic_store_n(&page->data_tail, head, __ATOMIC_RELEASE);
}

}  // namespace ub::perf
