#include "uringbench/study/builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <climits>
#include <numeric>
#include <random>

#include "ranges.hpp"
#include "uringbench/base/affinity.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/net/message_set.hpp"
#include "uringbench/net/socket_options.hpp"

namespace ub::study {
namespace {

/// A larger operation would have to hold all its messages in memory at once, four times over.
constexpr std::uint64_t kMostOperationBytes = 256ULL << 20U;

/// What pricing the harness may cost of a study's time.
constexpr std::uint64_t kHarnessWindowNs = 200'000'000;
constexpr std::uint64_t kHarnessWarmupNs = 50'000'000;

/// CPUs of one role: what was asked, if it can be had, or the default.
std::string cpus_of_role(const std::optional<std::string>& asked, std::string_view option,
                         int otherwise) {
  if (!asked) return fmt::format("{}", otherwise);
  const CpuList allowed = allowed_cpus();
  const auto cpus = parse_cpu_list(*asked);
  if (!cpus || !std::includes(allowed.begin(), allowed.end(), cpus->begin(), cpus->end())) {
    throw UsageError(
        fmt::format("{}: '{}' is not a list of CPUs this process may use; it may use {}", option,
                    *asked, format_cpu_list(allowed)));
  }
  return format_cpu_list(*cpus);
}

std::uint32_t batch_of(const StudyOptions& options, const path::Descriptor& path,
                       std::uint64_t size_bytes) {
  if (options.batch) return *options.batch;
  const std::uint64_t fitting =
      std::max<std::uint64_t>(path::kDefaultOperationBytes / size_bytes, 1);
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(path.default_batch, fitting));
}

/// The working set in effect: a whole number of every batch that a path may take at this size,
/// never fewer than four. The same for every mode, also for those that are not in this study, so
/// that nothing but the mode differs, here and between studies.
std::uint64_t working_set_of(const StudyOptions& options, std::uint64_t size_bytes) {
  std::uint32_t batch = 1;
  for (const path::Descriptor& path : path::registry()) {
    batch = std::max(batch, batch_of(options, path, size_bytes));
  }
  return size_bytes * net::effective_count({.size_bytes = size_bytes,
                                            .working_set_bytes = options.working_set_bytes,
                                            .fields = options.fields,
                                            .batch = batch});
}

/// What contradicts itself in one case; empty when nothing does.
std::string why_impossible_case(const Case& c, const path::Descriptor& path) {
  if (c.batch * c.size_bytes > kMostOperationBytes) {
    return fmt::format("--batch {} of --size {} is more than {} an operation; it may be {} at most",
                       c.batch, format_size(c.size_bytes), format_size(kMostOperationBytes),
                       kMostOperationBytes / c.size_bytes);
  }
  if (path.batch_limit == path::BatchLimit::iovecs && c.batch * c.fields > IOV_MAX) {
    return fmt::format(
        "--batch {} of --fields {} are {} iovecs, and {} takes {} an operation; it may be {} at "
        "most",
        c.batch, c.fields, c.batch * c.fields, path.name, IOV_MAX, IOV_MAX / c.fields);
  }
  return {};
}

Case common_case(const StudyOptions& options) {
  const CpuList allowed = allowed_cpus();
  Case c;
  c.workload = options.workload;
  c.fields = options.fields;
  c.nodelay = options.nodelay.value_or(Switch::off);
  c.congestion = options.congestion.value_or(net::default_congestion());
  c.send_buffer_bytes = options.send_buffer_bytes;
  c.receive_buffer_bytes = options.receive_buffer_bytes;
  c.client_lowat_bytes = options.client_lowat_bytes;
  c.verify = options.verify;
  c.server_cpus = cpus_of_role(options.server_cpus, "--server-cpus", allowed.back());
  c.client_cpus = cpus_of_role(options.client_cpus, "--client-cpus", allowed.front());
  c.warmup_ns = options.warmup_ns;
  c.duration_ns = options.duration_ns;
  return c;
}

PlannedCase plan_case(Case c, const Mode& mode, const StudyOptions& options) {
  c.engine = mode.engine;
  c.path = mode.path->name;
  c.family = mode.path->family;
  c.batch = batch_of(options, *mode.path, c.size_bytes);
  c.working_set_bytes = working_set_of(options, c.size_bytes);
  return {std::move(c), mode.unavailable};
}

/// Cases that the options themselves rule out are told so. If that leaves none, the options are
/// refused.
void rule_out_contradictions(Plan& plan) {
  std::string first;
  std::size_t possible = 0;
  for (PlannedCase& planned : plan.cases) {
    const std::string why =
        why_impossible_case(planned.the_case, *path::find(planned.the_case.path));
    if (why.empty()) ++possible;
    if (first.empty()) first = why;
    if (planned.unavailable.empty()) planned.unavailable = why;
  }
  if (possible == 0) throw UsageError(first);
}

/// An engine whose harness has to be priced: it takes part in the comparison, and its null path
/// does not.
bool lacks_price(const Plan& plan, EngineKind engine) {
  bool takes_part = false;
  for (const PlannedCase& planned : plan.cases) {
    if (planned.the_case.engine != engine || !planned.unavailable.empty()) continue;
    if (planned.the_case.family == Family::none) return false;
    takes_part = true;
  }
  return takes_part;
}

/// One short null case for each engine (honesty rule 8). Its price hardly depends on size and
/// clients, so the simplest will do.
void add_harness(Plan& plan, const StudyOptions& options, const uring::Probe& probe) {
  StudyOptions brief = options;
  brief.batch = 1;
  brief.verify = Switch::off;
  brief.duration_ns = std::min(options.duration_ns, kHarnessWindowNs);
  brief.warmup_ns = std::min(options.warmup_ns, kHarnessWarmupNs);
  Case c = common_case(brief);
  c.purpose = Purpose::harness;
  c.clients = 1;
  c.size_bytes = options.sizes_bytes.front();
  std::vector<PlannedCase> added;
  for (const Mode& mode : all_modes(probe)) {
    if (mode.path->family != Family::none || !lacks_price(plan, mode.engine)) continue;
    added.push_back(plan_case(c, mode, brief));
  }
  plan.cases.insert(plan.cases.end(), added.begin(), added.end());
}

}  // namespace

Plan build_plan(const StudyOptions& options, const uring::Probe& probe) {
  check_ranges(options);
  check_sockets(options);
  const std::vector<Mode> modes = expand_modes(options.modes, probe);
  Plan plan;
  plan.reps = options.reps;
  plan.seed = options.seed;
  Case c = common_case(options);
  for (const std::uint32_t clients : options.clients) {
    c.clients = clients;
    for (const std::uint64_t size : options.sizes_bytes) {
      c.size_bytes = size;
      for (const Mode& mode : modes) plan.cases.push_back(plan_case(c, mode, options));
    }
  }
  rule_out_contradictions(plan);
  add_harness(plan, options, probe);
  return plan;
}

std::vector<std::size_t> block_order(const Plan& plan, std::uint32_t block) {
  std::vector<std::size_t> order(plan.cases.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::seed_seq seeds{static_cast<std::uint32_t>(plan.seed),
                      static_cast<std::uint32_t>(plan.seed >> 32U), block};
  std::mt19937_64 random(seeds);
  // Fisher and Yates by hand: std::shuffle may differ between libraries, and a seed must not.
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random() % i]);
  return order;
}

}  // namespace ub::study
