#include "perf_event.hpp"

#include <sys/syscall.h>
#include <unistd.h>

namespace ub::perf {

SysResult open_perf_event(const perf_event_attr& attributes, const CounterTarget& target,
                          int group_leader_fd) {
  return from_errno(::syscall(SYS_perf_event_open, &attributes, target.tid, target.cpu,
                              group_leader_fd, PERF_FLAG_FD_CLOEXEC));
}

perf_event_attr common_attributes(const CounterSpec& spec) {
  perf_event_attr attributes{};
  attributes.size = sizeof(attributes);
  attributes.type = spec.type;
  attributes.config = spec.config;
  attributes.exclude_hv = 1;
  // Guests of this host are not this program's work; a passed-through virtual PMU demands it as
  // well.
  attributes.exclude_guest = 1;
  attributes.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
  return attributes;
}

}  // namespace ub::perf
