// The format `settings`: what the study says for the settings of a server, as TOML. `[[best]]` for
// each group and batch: the ways that lead, by how much, with the least CPU time, and the flags of
// the ring as the kernel granted them. `[[zero_copy]]` for each group in which zero-copy met
// copying: from which size on it pays, or why there is no such size. Every number is the
// analysis's.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "renders.hpp"

namespace ub::report {
namespace {

using analysis::Leaders;
using analysis::ZeroCopyResult;

/// A JSON string, and a list of them, is one of TOML, too.
std::string value_of(const Json& json) {
  std::string text = json_line(json);
  text.pop_back();
  return text;
}

std::string line(std::string_view name, const Json& value) {
  return fmt::format("{} = {}\n", name, value_of(value));
}

std::string interval_line(std::string_view name, const stats::Interval& interval) {
  return line(name, Json{interval.low, interval.value, interval.high});
}

/// What a program gives to io_uring_queue_init_params(3) for the ring of this sample.
std::vector<std::string> ring_flags(const Sample& sample) {
  const auto granted = [&](const char* name) {
    const auto found = sample.granted.find(name);
    return found == sample.granted.end() ? std::string() : found->second;
  };
  std::vector<std::string> flags;
  if (granted("ring_submission") == "SQPOLL") flags.emplace_back("IORING_SETUP_SQPOLL");
  if (granted("ring_task_run") == "DEFER_TASKRUN") {
    flags.emplace_back("IORING_SETUP_SINGLE_ISSUER");  // the kernel takes it with this one only
    flags.emplace_back("IORING_SETUP_DEFER_TASKRUN");
  }
  if (granted("ring_task_run") == "COOP_TASKRUN") flags.emplace_back("IORING_SETUP_COOP_TASKRUN");
  return flags;
}

/// Null for a leader that is not in the groups.
const analysis::Row* row_of(const analysis::Analysis& analysis, const Leaders& leaders) {
  for (const analysis::Group& group : analysis.groups) {
    if (group.title != leaders.title) continue;
    for (const analysis::Row& row : group.rows) {
      if (row.the_case == leaders.example) return &row;
    }
  }
  return nullptr;
}

const Leaders* by_cpu(const analysis::Analysis& analysis, const Leaders& leaders) {
  const auto found = std::find_if(
      analysis.cpu_leaders.begin(), analysis.cpu_leaders.end(), [&](const Leaders& each) {
        return each.title == leaders.title && each.example.batch == leaders.example.batch;
      });
  return found == analysis.cpu_leaders.end() ? nullptr : &*found;
}

std::string best(const analysis::Analysis& analysis, const Leaders& leaders) {
  std::string text = "\n[[best]]\n" + line("where", leaders.title) +
                     line("size_bytes", leaders.example.size_bytes) +
                     line("messages_per_call", leaders.example.batch) +
                     line("decided", leaders.decided()) + line("fastest", leaders.names);
  if (leaders.over_next) {
    text += line("next", leaders.next) + interval_line("over_next", *leaders.over_next);
  }
  if (leaders.more_blocks) text += line("more_repetitions_may_decide", *leaders.more_blocks);
  const analysis::Row* row = row_of(analysis, leaders);
  if (row != nullptr && !row->valid.empty()) {
    if (const auto rate = analysis::rate_of(*row)) text += interval_line("message_rate", *rate);
    const auto cost = analysis::interval_of(*row, analysis::cpu_ns_per_message);
    if (cost) text += interval_line("cpu_ns_per_message", *cost);
    const bool ring = row->the_case.engine == EngineKind::uring;
    if (ring) text += line("ring_flags", ring_flags(*row->valid.front()));
  }
  if (const Leaders* cpu = by_cpu(analysis, leaders)) text += line("least_cpu", cpu->names);
  return text;
}

/// Netty and its like hand buffers to the ring, so a winner of another engine is none for them.
const analysis::Winner* ring_winner(const ZeroCopyResult& result) {
  const auto found =
      std::find_if(result.winners.begin(), result.winners.end(),
                   [](const analysis::Winner& each) { return each.name.starts_with("uring-"); });
  return found == result.winners.end() ? nullptr : &*found;
}

std::string zero_copy(const ZeroCopyResult& result, bool was_real) {
  std::string text = "\n[[zero_copy]]\n" + line("where", result.title) +
                     line("sizes_bytes", result.sizes_bytes) + line("was_real", was_real) +
                     line("decided", result.decided);
  const analysis::Winner* winner = ring_winner(result);
  if (!was_real) return text + line("pays", "the kernel copied, so this study cannot say");
  if (winner == nullptr) return text + line("pays", result.decided ? "no" : "undecided");
  // From the upper end on the study shows it; below it may or may not.
  const auto threshold = static_cast<std::uint64_t>(std::ceil(winner->size_bytes.high));
  return text + line("pays", "yes") + line("with", winner->name) +
         line("how", std::string(to_text(winner->how))) +
         interval_line("from_size_bytes", winner->size_bytes) +
         "# netty: IoUringChannelOption of this name\n" +
         line("IO_URING_WRITE_ZERO_COPY_THRESHOLD", threshold);
}

constexpr const char* kNoZeroCopy =
    "\n# Whether zero-copy pays cannot be said from this study; measure it where it is real:\n"
    "#   uringbench --mode uring-two-copy,uring-send-zc --link tcp-sink --size 1K,4K,16K,64K,256K "
    "\\\n"
    "#     --reps 10 --out DIR && uringbench report DIR --format settings\n";

Page settings(const analysis::StudyData& study, const analysis::Analysis& analysis,
              const Look& look) {
  if (analysis.leaders.empty() && analysis.finding.empty()) return "";
  std::string text =
      "# What this study says for the settings of a server; each list of three is low, value, "
      "high.\n"
      "# Several names under `fastest` or `least_cpu` were not told apart.\n\n";
  if (!look.build_warning.empty()) text += line("build_warning", look.build_warning);
  text += line("under", analysis.shared) + "\n[study]\n";
  for (const auto& [name, fact] : all_facts(study.environment)) {
    text += line(value_of(name), fact);
  }
  for (const Leaders& each : analysis.leaders) text += best(analysis, each);
  for (const ZeroCopyResult& each : analysis.finding.real) text += zero_copy(each, true);
  for (const ZeroCopyResult& each : analysis.finding.copied) text += zero_copy(each, false);
  if (analysis.finding.real.empty()) text += kNoZeroCopy;
  return text;
}

}  // namespace

Format settings_format() {
  return {.name = "settings",
          .help = "settings of a server, as TOML",
          .study = settings,
          .none = "no two ways were measured in two blocks or more, so no setting follows"};
}

}  // namespace ub::report
