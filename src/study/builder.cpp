#include "uringbench/study/builder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <climits>
#include <numeric>
#include <random>
#include <set>

#include "uringbench/base/affinity.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/net/message_set.hpp"
#include "uringbench/net/socket_options.hpp"

namespace ub::study {
namespace {

/// A larger operation would have to hold all its messages in memory at once, four times over.
constexpr std::uint64_t kMostOperationBytes = 256ULL << 20U;

constexpr std::uint64_t kShortestWindowNs = 10'000'000;
constexpr std::uint64_t kLongestWindowNs = 3'600ULL * 1'000'000'000;

void require(bool holds, const std::string& sentence) {
  if (!holds) throw UsageError(sentence);
}

template <typename Value>
void require_distinct(const std::vector<Value>& values, std::string_view option) {
  std::set<Value> seen;
  for (const Value& value : values) {
    require(seen.insert(value).second,
            fmt::format("{}: '{}' is named twice; name each value once", option, value));
  }
}

void check_sizes(const StudyOptions& options) {
  require(!options.sizes_bytes.empty(), "--size: needs at least one size, such as 64 or 4K");
  require_distinct(options.sizes_bytes, "--size");
  for (const std::uint64_t size : options.sizes_bytes) {
    require(size >= 1 && size <= kMaxMessageBytes,
            fmt::format("--size: '{}' is out of range; 1 to {} are accepted", format_size(size),
                        format_size(kMaxMessageBytes)));
  }
}

void check_clients(const StudyOptions& options) {
  require(!options.clients.empty(), "--clients: needs at least one number");
  require_distinct(options.clients, "--clients");
  for (const std::uint32_t clients : options.clients) {
    require(clients >= 1 && clients <= kMaxClients,
            fmt::format("--clients: '{}' is out of range; 1 to {} are accepted", clients,
                        kMaxClients));
  }
}

void check_ranges(const StudyOptions& options) {
  check_sizes(options);
  check_clients(options);
  require(options.reps >= 1 && options.reps <= 10'000,
          fmt::format("--reps: '{}' is out of range; 1 to 10000 are accepted", options.reps));
  require(options.fields >= 1 && options.fields <= kMaxFields,
          fmt::format("--fields: '{}' is out of range; 1 to {} are accepted", options.fields,
                      kMaxFields));
  require(options.duration_ns >= kShortestWindowNs && options.duration_ns <= kLongestWindowNs,
          fmt::format("--duration: '{}' is out of range; 10ms to 3600s are accepted",
                      format_duration(static_cast<double>(options.duration_ns))));
  require(options.warmup_ns <= kLongestWindowNs,
          "--warmup: is out of range; 0s to 3600s are accepted");
  require(options.working_set_bytes >= 1 && options.working_set_bytes <= (64ULL << 30U),
          "--working-set: is out of range; 1 to 64G are accepted");
  require(!options.batch || (*options.batch >= 1 && *options.batch <= kMaxBatch),
          fmt::format("--batch: '{}' is out of range; 1 to {} are accepted",
                      options.batch.value_or(0), kMaxBatch));
}

/// CPUs of one role: what was asked, if it can be had, or the default.
std::string cpus_of_role(const std::optional<std::string>& asked, std::string_view option,
                         int otherwise) {
  if (!asked) return fmt::format("{}", otherwise);
  const CpuList allowed = allowed_cpus();
  const auto cpus = parse_cpu_list(*asked);
  require(cpus && std::includes(allowed.begin(), allowed.end(), cpus->begin(), cpus->end()),
          fmt::format("{}: '{}' is not a list of CPUs this process may use; it may use {}", option,
                      *asked, format_cpu_list(allowed)));
  return format_cpu_list(*cpus);
}

std::uint32_t batch_of(const StudyOptions& options, const path::Descriptor& path,
                       std::uint64_t size_bytes) {
  if (options.batch) return *options.batch;
  const std::uint64_t fitting = std::max<std::uint64_t>(path::kDefaultOperationBytes / size_bytes, 1);
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(path.default_batch, fitting));
}

/// What contradicts itself in one case; empty when nothing does.
std::string why_impossible_case(const Case& c, const path::Descriptor& path) {
  if (c.batch * c.size_bytes > kMostOperationBytes) {
    return fmt::format("--batch {} of --size {} is more than {} an operation", c.batch,
                       format_size(c.size_bytes), format_size(kMostOperationBytes));
  }
  if (path.batch_limit == path::BatchLimit::iovecs && c.batch * c.fields > IOV_MAX) {
    return fmt::format("{} takes at most {} iovecs an operation: --batch {} of --fields {} are {}",
                       path.name, IOV_MAX, c.batch, c.fields, c.batch * c.fields);
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
  c.working_set_bytes = options.working_set_bytes;
  // The working set in effect: a whole number of batches, never fewer than four.
  c.working_set_bytes = net::effective_count(net::shape_of(c)) * c.size_bytes;
  std::string why = mode.unavailable;
  if (why.empty()) why = why_impossible_case(c, *mode.path);
  return {std::move(c), std::move(why)};
}

}  // namespace

Plan build_plan(const StudyOptions& options, const uring::Probe& probe) {
  check_ranges(options);
  const std::vector<Mode> modes = expand_modes(options.modes, probe);
  Plan plan;
  plan.reps = options.reps;
  plan.seed = options.seed;
  Case c = common_case(options);
  for (c.clients = 0; const std::uint32_t clients : options.clients) {
    c.clients = clients;
    for (const std::uint64_t size : options.sizes_bytes) {
      c.size_bytes = size;
      for (const Mode& mode : modes) plan.cases.push_back(plan_case(c, mode, options));
    }
  }
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
