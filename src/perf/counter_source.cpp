#include "uringbench/perf/counter_source.hpp"

#include <unistd.h>

#include <array>

#include "open_failure.hpp"
#include "perf_event.hpp"
#include "uringbench/base/unique_fd.hpp"

namespace ub::perf {
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
