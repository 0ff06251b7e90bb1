#include "uringbench/perf/counter_source.hpp"

#include <linux/perf_event.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "perf_event.hpp"
#include "uringbench/base/unique_fd.hpp"

namespace ub::perf {
namespace {

/// perf_event_open(2), PERF_TYPE_HW_CACHE: cache | operation << 8 | result << 16.
constexpr std::uint64_t cache_event(std::uint64_t cache, std::uint64_t operation,
                                    std::uint64_t result) {
  return cache | (operation << 8U) | (result << 16U);
}

constexpr std::uint64_t read_misses_of(std::uint64_t cache) {
  return cache_event(cache, PERF_COUNT_HW_CACHE_OP_READ, PERF_COUNT_HW_CACHE_RESULT_MISS);
}

constexpr std::uint64_t reads_of(std::uint64_t cache) {
  return cache_event(cache, PERF_COUNT_HW_CACHE_OP_READ, PERF_COUNT_HW_CACHE_RESULT_ACCESS);
}

// The LL events are asked for by their own name, not as the generic "cache-misses": the kernel maps
// that one to L2 misses on AMD Zen (arch/x86/events/amd/core.c), where the L3 can only be counted
// per CPU.
constexpr std::array kCatalogue{
    CounterSpec{"cycles", "core cycles, user and kernel", PERF_TYPE_HARDWARE,
                PERF_COUNT_HW_CPU_CYCLES},
    CounterSpec{"instructions", "retired instructions, user and kernel", PERF_TYPE_HARDWARE,
                PERF_COUNT_HW_INSTRUCTIONS},
    CounterSpec{"ref_cycles", "cycles at the nominal frequency", PERF_TYPE_HARDWARE,
                PERF_COUNT_HW_REF_CPU_CYCLES},
    CounterSpec{"l1d_misses", "level 1 data cache, read misses", PERF_TYPE_HW_CACHE,
                read_misses_of(PERF_COUNT_HW_CACHE_L1D)},
    CounterSpec{"llc_references", "last level cache, reads", PERF_TYPE_HW_CACHE,
                reads_of(PERF_COUNT_HW_CACHE_LL)},
    CounterSpec{"llc_misses", "last level cache, read misses", PERF_TYPE_HW_CACHE,
                read_misses_of(PERF_COUNT_HW_CACHE_LL)},
    CounterSpec{"cache_misses", "the kernel's generic event: LLC on Intel, L2 on AMD Zen",
                PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_MISSES},
    CounterSpec{"branch_misses", "mispredicted branches", PERF_TYPE_HARDWARE,
                PERF_COUNT_HW_BRANCH_MISSES},
    CounterSpec{"dtlb_misses", "data TLB, read misses", PERF_TYPE_HW_CACHE,
                read_misses_of(PERF_COUNT_HW_CACHE_DTLB)},
    CounterSpec{"task_clock", "ns on a CPU, by the kernel's clock", PERF_TYPE_SOFTWARE,
                PERF_COUNT_SW_TASK_CLOCK},
    CounterSpec{"migrations", "moves to another CPU", PERF_TYPE_SOFTWARE,
                PERF_COUNT_SW_CPU_MIGRATIONS},
    CounterSpec{"context_switches", "threads put off the CPU", PERF_TYPE_SOFTWARE,
                PERF_COUNT_SW_CONTEXT_SWITCHES, ForRoles::no},
    CounterSpec{"page_faults", "minor and major page faults", PERF_TYPE_SOFTWARE,
                PERF_COUNT_SW_PAGE_FAULTS, ForRoles::no},

};

}  // namespace

std::span<const CounterSpec> counter_catalogue() {
  return kCatalogue;
}

const CounterSpec* find_counter(std::string_view name) {
  const auto* const found =
      std::find_if(kCatalogue.begin(), kCatalogue.end(),
                   [&](const CounterSpec& each) { return each.name == name; });
  return found == kCatalogue.end() ? nullptr : found;
}

namespace {

class KernelCounter final : public OpenCounter {
 public:
  explicit KernelCounter(UniqueFd fd) : fd_(std::move(fd)) {}

  [[nodiscard]] std::variant<RawCount, Unavailable> read() const override {
    std::array<std::uint64_t, 3> words{};  // perf_event_open(2): value, time_enabled, time_running
    const SysResult got = from_errno(::read(fd_.get(), words.data(), sizeof(words)));
    if (!got.ok()) return Unavailable{"reading the counter: " + describe_errno(got.error)};
    // An end of file means that the kernel put the event into its error state.
    if (got.value != sizeof(words)) return Unavailable{"the kernel gave the counter up"};
    return RawCount{words[0], words[1], words[2]};
  }

 private:
  UniqueFd fd_;
};

}  // namespace

CounterSource::Opened KernelCounterSource::open(const CounterSpec& spec,
                                                const CounterTarget& target) {
  perf_event_attr attributes = common_attributes(spec);
  if (target.cpu < 0) {
    attributes.inherit = 1;
    attributes.inherit_thread = 1;
  }
  const SysResult opened = open_perf_event(attributes, target);
  if (!opened.ok()) return OpenFailure{opened.error};
  return std::make_unique<KernelCounter>(UniqueFd(static_cast<int>(opened.value)));
}

std::string KernelCounterSource::explain(const CounterSpec& spec, const CounterTarget& target,
                                         int error) const {
  return explain_open_failure(spec, target, error, read_perf_facts());
}

}  // namespace ub::perf
