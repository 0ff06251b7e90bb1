// What the typed options mean.
#include "arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "option_values.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/perf/counter.hpp"
#include "uringbench/plan/builder.hpp"

namespace ub::cli {
namespace {

constexpr const char* kWorkloadNames = "one of stream, rr, upload, echo";
constexpr const char* kWaitNames = "block or spin";

const std::vector<std::string> kDefaultSizes = {"64", "4K", "64K"};

void fill_requests(plan::StudyOptions& options, const RunArguments& a) {
  if (!a.request_size.empty()) {
    options.request_size_bytes = size_of("--request-size", a.request_size);
  }
  options.depths = counts_of("--depth", a.depths, kMaxDepth);
  for (const std::string& rate : a.rates) options.rates_per_s.push_back(rate_of(rate));
  options.gaps = name_of<Gaps>("--gaps", a.gaps, "fixed or poisson");
  options.histogram = a.histogram ? Switch::on : Switch::off;
}

void fill_server(plan::StudyOptions& options, const RunArguments& a) {
  options.receives = a.receives;
  options.waits = names_of<Wait>("--wait", a.waits, kWaitNames);
  options.client_waits = names_of<Wait>("--client-wait", a.client_waits, kWaitNames);
  options.reactors = counts_of("--reactors", a.reactors, kMaxReactors);
  options.huge_pages = a.huge_pages ? Switch::on : Switch::off;
  options.notifies.clear();
  for (const std::string& text : a.notifies) options.notifies.push_back(notify_of(text));
  options.transports = names_of<Transport>("--transport", a.transports, "one of tcp, tcp6, unix");
}

void fill_ring(plan::StudyOptions& options, const RunArguments& a) {
  constexpr std::uint32_t kMostEntries = 65536;
  options.ring_setups =
      names_of<RingSetup>("--ring", a.rings, "one of best, plain, coop, defer, sqpoll");
  options.ring.registered_files = switch_of("--registered-files", a.registered_files);
  options.ring.registered_fd = switch_of("--registered-ring-fd", a.registered_ring_fd);
  options.ring.poll_first = a.poll_first ? Switch::on : Switch::off;
  options.ring.napi_busy_poll_us = microseconds_of("--napi-busy-poll", a.napi_busy_poll);
  options.ring.min_wait_us = microseconds_of("--min-wait", a.min_wait);
  if (!a.cq_entries.empty()) {
    options.ring.cq_entries = count_of("--cq-entries", a.cq_entries, kMostEntries);
  }
}

/// --until-ci and --max-reps.
void fill_stop_rule(plan::StudyOptions& options, const RunArguments& a) {
  constexpr std::uint32_t kDefaultMost = 40;
  if (a.until_ci.empty()) {
    if (!a.max_reps.empty()) throw UsageError("--max-reps: means nothing without --until-ci");
    return;
  }
  if (!a.reps.empty()) {
    throw UsageError(
        "--reps: contradicts --until-ci, which repeats as often as it needs; --max-reps bounds it");
  }
  options.until = StopRule{.half_width = percent_of("--until-ci", a.until_ci),
                           .baseline = plan::full_mode_name(a.baseline)};
  options.reps = kDefaultMost;
  if (!a.max_reps.empty()) options.reps = count_of("--max-reps", a.max_reps, plan::kMostReps);
  if (options.reps < kFewestBlocksUntil) {
    refuse("--max-reps", a.max_reps,
           fmt::format("enough for an interval; at least {} are needed", kFewestBlocksUntil));
  }
}

void fill_link(plan::StudyOptions& options, const RunArguments& a) {
  options.links.clear();
  for (const std::string& text : a.links) {
    const auto link = from_text<Link>(text);
    if (!link) refuse("--link", text, "a link; accepted are loopback, veth, sink and tcp-sink");
    options.links.push_back(*link);
  }
  if (!a.mtu.empty()) options.device.mtu_bytes = count_of("--mtu", a.mtu, 65'535);
  options.device.offloads = switch_of("--link-offloads", a.link_offloads);
  options.device.delay_ns = duration_of("--link-delay", a.link_delay);
}

ProfileScope scope_of(const RunArguments& a) {
  if (a.profile_cpus) return ProfileScope::cpus;
  return a.profile ? ProfileScope::role : ProfileScope::off;
}

/// Throws UsageError for a counter that the program does not know.
std::vector<std::string> counters_of(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (perf::find_counter(name) == nullptr) {
      refuse("--counters", name, "a counter; `uringbench probe` lists them");
    }
  }
  return names;
}

plan::StudyOptions one_study(const RunArguments& a) {
  const bool newcomer = a.modes.empty() && a.sizes.empty() && a.duration.empty() && a.reps.empty();
  plan::StudyOptions options;
  options.modes = a.modes.empty() ? std::vector<std::string>{"default"} : a.modes;
  for (const std::string& size : a.sizes.empty() ? kDefaultSizes : a.sizes) {
    options.sizes_bytes.push_back(size_of("--size", size));
  }
  for (const std::string& clients : a.clients) {
    options.clients.push_back(count_of("--clients", clients, kMaxClients));
  }
  options.workload = name_of<Workload>("--workload", a.workload, kWorkloadNames);
  fill_requests(options, a);
  fill_server(options, a);
  fill_ring(options, a);
  fill_link(options, a);
  options.duration_ns = duration_of("--duration", !a.duration.empty() ? a.duration
                                                  : newcomer          ? "300ms"
                                                                      : "1s");
  options.warmup_ns = duration_of("--warmup", a.warmup);
  options.reps = count_of("--reps",
                          !a.reps.empty() ? a.reps
                          : newcomer      ? "3"
                                          : "1",
                          plan::kMostReps);
  fill_stop_rule(options, a);
  if (!a.batch.empty()) options.batch = count_of("--batch", a.batch, kMaxBatch);
  options.fields = count_of("--fields", a.fields, kMaxFields);
  options.working_set_bytes = size_of("--working-set", a.working_set);
  if (!a.nodelay.empty()) options.nodelay = switch_of("--nodelay", a.nodelay);
  options.congestion = unless_empty(a.congestion);
  options.send_buffer_bytes = size_of("--send-buffer", a.send_buffer);
  options.receive_buffer_bytes = size_of("--receive-buffer", a.receive_buffer);
  options.client_lowat_bytes = size_of("--client-lowat", a.client_lowat);
  options.verify = a.verify ? Switch::on : Switch::off;
  options.server_cpus = unless_empty(a.server_cpus);
  options.client_cpus = unless_empty(a.client_cpus);
  options.counters = counters_of(a.counters);
  options.profile = scope_of(a);
  options.seed = number_of("--seed", a.seed, std::numeric_limits<std::uint64_t>::max());
  return options;
}

/// Factors of which a study has one value, each of which may be a list.
struct SingleFactor {
  const char* option;
  std::string RunArguments::*text;
};

constexpr std::array kSingleFactors = {
    SingleFactor{"--batch", &RunArguments::batch},
    SingleFactor{"--fields", &RunArguments::fields},
    SingleFactor{"--working-set", &RunArguments::working_set},
    SingleFactor{"--nodelay", &RunArguments::nodelay},
    SingleFactor{"--congestion", &RunArguments::congestion},
    SingleFactor{"--send-buffer", &RunArguments::send_buffer},
    SingleFactor{"--receive-buffer", &RunArguments::receive_buffer},
    SingleFactor{"--client-lowat", &RunArguments::client_lowat},
    SingleFactor{"--request-size", &RunArguments::request_size},
    SingleFactor{"--registered-files", &RunArguments::registered_files},
    SingleFactor{"--min-wait", &RunArguments::min_wait},
    SingleFactor{"--cq-entries", &RunArguments::cq_entries},
};

/// The parts of a list; one empty part of an empty text.
std::vector<std::string> parts_of(const SingleFactor& factor, const std::string& text) {
  std::vector<std::string> parts = {""};
  for (const char c : text) {
    if (c == ',') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  for (auto part = parts.begin(); part != parts.end(); ++part) {
    if (part->empty() && parts.size() > 1) refuse(factor.option, text, "a list: a value is empty");
    if (std::find(parts.begin(), part, *part) == part) continue;
    throw UsageError(
        fmt::format("{}: '{}' is named twice; name each value once", factor.option, *part));
  }
  return parts;
}

std::vector<RunArguments> multiplied(const RunArguments& arguments) {
  std::vector<RunArguments> all = {arguments};
  for (const SingleFactor& factor : kSingleFactors) {
    std::vector<RunArguments> product;
    for (const RunArguments& each : all) {
      for (std::string& part : parts_of(factor, each.*factor.text)) {
        product.emplace_back(each).*factor.text = std::move(part);
      }
    }
    all = std::move(product);
  }
  return all;
}

}  // namespace

std::vector<plan::StudyOptions> to_study(const RunArguments& a) {
  std::vector<plan::StudyOptions> studies;
  for (const RunArguments& each : multiplied(a)) studies.push_back(one_study(each));
  return studies;
}

Format to_format(const RunArguments& arguments) {
  if (arguments.format == "table") return Format::table;
  if (arguments.format == "jsonl") return Format::jsonl;
  if (arguments.format == "csv") return Format::csv;
  refuse("--format", arguments.format, "a format; accepted are table, jsonl and csv");
}

}  // namespace ub::cli
