#include "uringbench/plan/builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "case_rules.hpp"
#include "controls.hpp"
#include "ranges.hpp"
#include "uringbench/base/affinity.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/net/message_set.hpp"
#include "uringbench/net/socket_options.hpp"
#include "uringbench/receive/registry.hpp"

namespace ub::plan {
namespace {

/// What pricing the harness may cost of a study's time.
constexpr std::uint64_t kHarnessWindowNs = 200'000'000;
constexpr std::uint64_t kHarnessWarmupNs = 50'000'000;

constexpr std::uint64_t kRequestBytes = 64;

/// Uploads are received only, so an engine's name alone means its null path, which sends nothing.
std::vector<std::string> modes_named(const StudyOptions& options) {
  if (options.workload != Workload::upload) return options.modes;
  std::vector<std::string> names;
  for (const std::string& name : options.modes) {
    if (name == "default" || name == "all") {
      names.insert(names.end(), {"pthread-null", "epoll-null", "uring-null"});
    } else {
      const auto engine = from_text<EngineKind>(name);
      names.push_back(engine ? mode_name(*engine, "null") : name);
    }
  }
  return names;
}

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

std::uint32_t batch_of(const StudyOptions& options, const path::Descriptor& path, const Case& c) {
  if (options.batch) return *options.batch;
  if (has_requests(c.workload)) return 1;
  const std::uint64_t fitting =
      std::max<std::uint64_t>(path::kDefaultOperationBytes / c.size_bytes, 1);
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(path.default_batch, fitting));
}

/// The working set in effect: a whole number of every batch that a path may take at this size,
/// never fewer than four. The same for every mode, also for those that are not in this study, so
/// that nothing but the mode differs, here and between studies.
std::uint64_t working_set_of(const StudyOptions& options, const Case& c) {
  std::uint32_t batch = 1;
  for (const path::Descriptor& path : path::registry()) {
    batch = std::max(batch, batch_of(options, path, c));
  }
  return c.size_bytes * net::effective_count({.size_bytes = c.size_bytes,
                                              .working_set_bytes = options.working_set_bytes,
                                              .fields = options.fields,
                                              .batch = batch});
}

Case common_case(const StudyOptions& options) {
  const CpuList allowed = allowed_cpus();
  Case c;
  c.workload = options.workload;
  c.fields = options.fields;
  const bool requests = has_requests(options.workload);
  c.request_size_bytes = options.request_size_bytes.value_or(kRequestBytes);
  c.gaps = options.gaps;
  c.ring = options.ring;
  c.huge_pages = options.huge_pages;
  c.device = options.device;
  c.nodelay = options.nodelay.value_or(requests ? Switch::on : Switch::off);
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

/// What an engine receives by where nobody says otherwise.
std::string receive_of(const std::string& asked, EngineKind engine, const uring::Probe& probe) {
  return asked.empty() ? std::string(receive::default_for(engine, probe).name) : asked;
}

PlannedCase plan_case(Case c, const Mode& mode, const StudyOptions& options,
                      const uring::Probe& probe) {
  c.engine = mode.engine;
  c.path = mode.path->name;
  c.family = mode.path->family;
  c.batch = batch_of(options, *mode.path, c);
  c.working_set_bytes = working_set_of(options, c);
  c.working_set_asked_bytes = options.working_set_bytes;
  if (c.workload == Workload::echo) c.request_size_bytes = c.size_bytes;
  c.receive = receive_of(c.receive, mode.engine, probe);
  c = without_idle_factors(std::move(c), *mode.path);
  std::string why = mode.unavailable;
  if (why.empty()) why = why_impossible_case(c, *mode.path, probe);
  return {std::move(c), std::move(why)};
}

/// If the options leave no case that there can be, they are refused.
void refuse_if_impossible(const Plan& plan) {
  const auto possible = [](const PlannedCase& planned) { return planned.unavailable.empty(); };
  if (std::any_of(plan.cases.begin(), plan.cases.end(), possible)) return;
  throw UsageError(plan.cases.front().unavailable);
}

/// Multiplies `cases` by the values of one factor.
template <typename Value>
void multiply(std::vector<Case>& cases, const std::vector<Value>& values, Value Case::*factor) {
  std::vector<Case> product;
  product.reserve(cases.size() * values.size());
  for (const Case& each : cases) {
    for (const Value& value : values) product.emplace_back(each).*factor = value;
  }
  cases = std::move(product);
}

void multiply_ring_setups(std::vector<Case>& cases, const std::vector<RingSetup>& setups) {
  std::vector<Case> product;
  for (const Case& each : cases) {
    for (const RingSetup setup : setups) product.emplace_back(each).ring.setup = setup;
  }
  cases = std::move(product);
}

/// `values`, or the one that stands for none.
template <typename Value>
std::vector<Value> or_one(std::vector<Value> values, Value otherwise) {
  if (values.empty()) values.push_back(std::move(otherwise));
  return values;
}

/// The product of all factors but the mode, sizes innermost.
std::vector<Case> product_of_factors(const StudyOptions& options) {
  std::vector<Case> cases = {common_case(options)};
  const std::uint32_t depth = options.rates_per_s.empty() ? 1 : 0;
  multiply(cases, options.links, &Case::link);
  multiply(cases, options.transports, &Case::transport);
  multiply(cases, options.reactors, &Case::reactors);
  multiply(cases, options.client_waits, &Case::client_wait);
  multiply(cases, options.waits, &Case::wait);
  multiply_ring_setups(cases, options.ring_setups);
  multiply(cases, options.notifies, &Case::notify);
  multiply(cases, or_one(options.receives, std::string()), &Case::receive);
  multiply(cases, or_one(options.rates_per_s, 0.0), &Case::rate_per_s);
  multiply(cases, or_one(options.depths, depth), &Case::depth);
  multiply(cases, options.clients, &Case::clients);
  multiply(cases, options.sizes_bytes, &Case::size_bytes);
  return cases;
}

/// The same case may come of several values of a factor that it does not have.
void add_unless_there(Plan& plan, PlannedCase planned) {
  const auto same = [&](const PlannedCase& other) { return other.the_case == planned.the_case; };
  if (std::none_of(plan.cases.begin(), plan.cases.end(), same)) {
    plan.cases.push_back(std::move(planned));
  }
}

void add_comparison(Plan& plan, const StudyOptions& options, const uring::Probe& probe) {
  check_ranges(options);
  check_sockets(options);
  const std::vector<Mode> modes = expand_modes(modes_named(options), probe);
  for (const Case& each : product_of_factors(options)) {
    for (const Mode& mode : modes) {
      add_unless_there(plan, plan_case(each, mode, options, probe));
    }
  }
}

/// Each case once more, under the sampler.
void add_profiles(Plan& plan) {
  std::vector<PlannedCase> profiled = plan.cases;
  for (PlannedCase& planned : profiled) planned.the_case.purpose = Purpose::profile;
  plan.cases.insert(plan.cases.end(), profiled.begin(), profiled.end());
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
  brief.workload = Workload::stream;
  brief.batch = 1;
  brief.huge_pages = Switch::off;
  brief.ring = {};
  brief.notifies = {NotifyFactors{}};
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
    added.push_back(plan_case(c, mode, brief, probe));
  }
  plan.cases.insert(plan.cases.end(), added.begin(), added.end());
}

}  // namespace

Plan build_plan(const StudyOptions& options, const uring::Probe& probe) {
  return build_plan(std::vector{options}, probe);
}

Plan build_plan(const std::vector<StudyOptions>& parts, const uring::Probe& probe) {
  const StudyOptions& first = parts.front();
  Plan plan;
  plan.reps = first.reps;
  plan.seed = first.seed;
  plan.until = first.until;
  plan.histogram = first.histogram;
  plan.counters = first.counters;
  plan.profile = first.profile;
  for (const StudyOptions& options : parts) add_comparison(plan, options, probe);
  refuse_if_impossible(plan);
  if (first.profile != ProfileScope::off) add_profiles(plan);
  add_harness(plan, first, probe);
  add_controls(plan);
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

}  // namespace ub::plan
