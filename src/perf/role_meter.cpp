#include "uringbench/perf/role_meter.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <cerrno>

#include "threads.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"

namespace ub::perf {
namespace {

using Threads = std::vector<std::unique_ptr<OpenCounter>>;

std::variant<Threads, Unavailable> open_on_all(const CounterSpec& spec,
                                               const std::vector<pid_t>& threads,
                                               CounterSource& source) {
  Threads counters;
  for (const pid_t tid : threads) {
    auto opened = source.open(spec, {.tid = tid});
    if (const auto* failure = std::get_if<OpenFailure>(&opened)) {
      if (failure->error == ESRCH) continue;  // the thread has ended since it was listed
      return Unavailable{source.explain(spec, failure->error)};
    }
    counters.push_back(std::get<std::unique_ptr<OpenCounter>>(std::move(opened)));
  }
  return counters;
}

Reading read_sum(const Threads& threads) {
  RawCount sum;
  for (const auto& thread : threads) {
    const auto read = thread->read();
    if (const auto* failed = std::get_if<Unavailable>(&read)) return *failed;
    const RawCount& one = std::get<RawCount>(read);
    sum.count += one.count;
    sum.enabled_ns += one.enabled_ns;
    sum.running_ns += one.running_ns;
  }
  return scaled(sum);
}

std::uint64_t to_ns(const timeval& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000U +
         static_cast<std::uint64_t>(time.tv_usec) * 1'000U;
}

Counted exact(long count) {
  return Counted{static_cast<double>(count), 1};
}

void add_kernel_accounting(const rusage& usage, Readings& readings) {
  readings["context_switches_voluntary"] = exact(usage.ru_nvcsw);
  readings["context_switches_involuntary"] = exact(usage.ru_nivcsw);
  readings["context_switches"] = exact(usage.ru_nvcsw + usage.ru_nivcsw);
  readings["page_faults_minor"] = exact(usage.ru_minflt);
  readings["page_faults_major"] = exact(usage.ru_majflt);
  readings["page_faults"] = exact(usage.ru_minflt + usage.ru_majflt);
}

}  // namespace

RoleMeter::RoleMeter(const CounterSelection& selection, CounterSource& source) {
  const std::vector<pid_t> threads = threads_of_this_process();
  for (const std::string& name : selection.names) {
    const CounterSpec* spec = find_counter(name);
    if (spec == nullptr) throw UsageError(fmt::format("there is no counter named \"{}\"", name));
    counters_.emplace(name, open_on_all(*spec, threads, source));
  }
}

RoleMeter::RoleMeter(const CounterSelection& selection) {
  KernelCounterSource kernel;
  *this = RoleMeter(selection, kernel);
}

RoleUsage RoleMeter::read() const {
  RoleUsage usage;
  for (const auto& [name, counter] : counters_) {
    const auto* missing = std::get_if<Unavailable>(&counter);
    usage.counters[name] =
        missing != nullptr ? Reading{*missing} : read_sum(std::get<Threads>(counter));
  }
  rusage kernel{};
  ::getrusage(RUSAGE_SELF, &kernel);
  add_kernel_accounting(kernel, usage.counters);
  usage.user_ns = to_ns(kernel.ru_utime);
  usage.system_ns = to_ns(kernel.ru_stime);
  usage.cpu_ns = process_cpu_ns();
  return usage;
}

}  // namespace ub::perf
