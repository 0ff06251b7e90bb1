#include "uringbench/perf/run_queue.hpp"

#include <fmt/format.h>

#include "scan.hpp"
#include "text_file.hpp"
#include "threads.hpp"

namespace ub::perf {

std::optional<RunQueueTimes> parse_schedstat(std::string_view text) {
  std::string_view line = take_until(text, '\n');
  const auto on_cpu = to_number<std::uint64_t>(take_word(line));
  const auto waiting = to_number<std::uint64_t>(take_word(line));
  const auto slices = to_number<std::uint64_t>(take_word(line));
  if (!on_cpu || !waiting || !slices || !take_word(line).empty()) return std::nullopt;
  return RunQueueTimes{*on_cpu, *waiting, *slices};
}

std::variant<RunQueueTimes, Unavailable> read_run_queue(pid_t tid) {
  const std::string path = fmt::format("/proc/self/task/{}/schedstat", tid);
  const auto text = read_text_file(path);
  if (const auto* failed = std::get_if<Unavailable>(&text)) return *failed;
  const auto times = parse_schedstat(std::get<std::string>(text));
  if (!times) return Unavailable{fmt::format("{} is not three numbers", path)};
  // A kernel without CONFIG_SCHED_INFO has the file and fills it with zeros; a thread that is alive
  // has run.
  if (times->slices == 0) return Unavailable{"the kernel was built without CONFIG_SCHED_INFO"};
  return *times;
}

std::variant<RunQueueTimes, Unavailable> read_run_queue_of_process(std::size_t most_threads) {
  const std::vector<pid_t> threads = threads_of_this_process();
  if (threads.size() > most_threads) {
    return Unavailable{
        fmt::format("{} threads: the schedstat of each is read for at most {}, since reading more "
                    "would disturb the window",
                    threads.size(), most_threads)};
  }
  RunQueueTimes sum;
  for (const pid_t tid : threads) {
    const auto one = read_run_queue(tid);
    if (const auto* failed = std::get_if<Unavailable>(&one)) return *failed;
    const auto& times = std::get<RunQueueTimes>(one);
    sum.on_cpu_ns += times.on_cpu_ns;
    sum.waiting_ns += times.waiting_ns;
    sum.slices += times.slices;
  }
  return sum;
}

}  // namespace ub::perf
