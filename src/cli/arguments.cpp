#include "arguments.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "uringbench/base/error.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/perf/counter.hpp"
#include "uringbench/study/builder.hpp"

namespace ub::cli {
namespace {

const std::vector<std::string> kDefaultSizes = {"64", "4K", "64K"};

constexpr const char* kLoad = "Load";
constexpr const char* kRequests = "Requests (workloads rr and echo)";
constexpr const char* kServer = "Server";
constexpr const char* kRing = "Ring (modes of the uring engine)";
constexpr const char* kSockets = "Sockets and CPUs";
constexpr const char* kRepetition = "Repetition";
constexpr const char* kWhy = "Why";
constexpr const char* kOutput = "Output";

[[noreturn]] void refuse(std::string_view option, std::string_view value,
                         std::string_view accepted) {
  throw UsageError(fmt::format("{}: '{}' is not {}", option, value, accepted));
}

std::uint64_t size_of(std::string_view option, const std::string& text) {
  const auto size = parse_size(text);
  if (!size) refuse(option, text, "a size; sizes look like 64, 4K, 1M");
  return *size;
}

std::uint64_t duration_of(std::string_view option, const std::string& text) {
  const auto duration = parse_duration_ns(text);
  if (!duration) refuse(option, text, "a time; times look like 200ms, 2s, 1.5s");
  return *duration;
}

std::uint64_t number_of(std::string_view option, const std::string& text, std::uint64_t largest) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || value > largest) {
    refuse(option, text, fmt::format("a whole number up to {}", largest));
  }
  return value;
}

std::uint32_t count_of(std::string_view option, const std::string& text, std::uint32_t largest) {
  return static_cast<std::uint32_t>(number_of(option, text, largest));
}

Switch switch_of(std::string_view option, const std::string& text) {
  const auto value = from_text<Switch>(text);
  if (!value) refuse(option, text, "on or off");
  return *value;
}

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

constexpr const char* kWorkloadNames = "one of stream, rr, upload, echo";
constexpr const char* kWaitNames = "block or spin";

template <typename Enum>
Enum name_of(std::string_view option, const std::string& text, std::string_view accepted) {
  const auto value = from_text<Enum>(text);
  if (!value) refuse(option, text, accepted);
  return *value;
}

template <typename Enum>
std::vector<Enum> names_of(std::string_view option, const std::vector<std::string>& texts,
                           std::string_view accepted) {
  std::vector<Enum> values;
  values.reserve(texts.size());
  for (const std::string& text : texts) values.push_back(name_of<Enum>(option, text, accepted));
  return values;
}

std::vector<std::uint32_t> counts_of(std::string_view option, const std::vector<std::string>& texts,
                                     std::uint32_t largest) {
  std::vector<std::uint32_t> values;
  values.reserve(texts.size());
  for (const std::string& text : texts) values.push_back(count_of(option, text, largest));
  return values;
}

double rate_of(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || !(value > 0) || value > kMaxRate) {
    refuse("--rate", text, fmt::format("a number of requests a second up to {:.0f}", kMaxRate));
  }
  return value;
}

std::uint32_t microseconds_of(std::string_view option, const std::string& text) {
  constexpr std::uint64_t kLongestNs = 1'000'000'000;
  constexpr std::uint64_t kMicrosecondNs = 1'000;
  const std::uint64_t duration_ns = duration_of(option, text);
  if (duration_ns > kLongestNs || duration_ns % kMicrosecondNs != 0) {
    refuse(option, text, "whole microseconds up to 1s");
  }
  return static_cast<std::uint32_t>(duration_ns / kMicrosecondNs);
}

void fill_requests(study::StudyOptions& options, const RunArguments& a) {
  if (!a.request_size.empty()) {
    options.request_size_bytes = size_of("--request-size", a.request_size);
  }
  options.depths = counts_of("--depth", a.depths, kMaxDepth);
  for (const std::string& rate : a.rates) options.rates_per_s.push_back(rate_of(rate));
  options.gaps = name_of<Gaps>("--gaps", a.gaps, "fixed or poisson");
  options.histogram = a.histogram ? Switch::on : Switch::off;
}

void fill_server(study::StudyOptions& options, const RunArguments& a) {
  options.receives = a.receives;
  options.waits = names_of<Wait>("--wait", a.waits, kWaitNames);
  options.client_waits = names_of<Wait>("--client-wait", a.client_waits, kWaitNames);
  options.reactors = counts_of("--reactors", a.reactors, kMaxReactors);
  options.huge_pages = a.huge_pages ? Switch::on : Switch::off;
  options.transports = names_of<Transport>("--transport", a.transports, "one of tcp, tcp6, unix");
}

void fill_ring(study::StudyOptions& options, const RunArguments& a) {
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

/// "3%" as 0.03.
double percent_of(std::string_view option, const std::string& text) {
  constexpr double kLeast = 0.1;
  constexpr double kMost = 100;
  const bool marked = text.ends_with('%');
  double value = 0;
  const char* end = text.data() + text.size() - (marked ? 1 : 0);
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (!marked || error != std::errc{} || stop != end || !(value >= kLeast && value <= kMost)) {
    refuse(option, text, "a percentage from 0.1% to 100%, such as 3%");
  }
  return value / 100;
}

/// --until-ci and --max-reps.
void fill_stop_rule(study::StudyOptions& options, const RunArguments& a) {
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
                           .baseline = study::full_mode_name(a.baseline)};
  options.reps = kDefaultMost;
  if (!a.max_reps.empty()) options.reps = count_of("--max-reps", a.max_reps, study::kMostReps);
  if (options.reps < kFewestBlocksUntil) {
    refuse("--max-reps", a.max_reps,
           fmt::format("enough for an interval; at least {} are needed", kFewestBlocksUntil));
  }
}

CLI::Option* add_list(CLI::App& app, const char* name, std::vector<std::string>& values,
                      const char* help, const char* group) {
  // One argument holds the whole list: otherwise a list would swallow the word after it.
  return app.add_option(name, values, help)
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("LIST")
      ->group(group);
}

void add_text(CLI::App& app, const char* name, std::string& value, const char* type,
              const char* help, const char* group) {
  const std::string text = value.empty() ? help : fmt::format("{}. Default: {}", help, value);
  app.add_option(name, value, text)->type_name(type)->group(group);
}

void add_load_options(CLI::App& app, RunArguments& a) {
  add_list(app, "-m,--mode", a.modes,
           "What to compare: modes of `uringbench list`, globs ('uring-*'), all, classic, default, "
           "or a short name (pthread, epoll, uring, two-copy, one-copy, zero-copy). Default: "
           "`default`, eight "
           "well-known ones",
           kLoad);
  add_list(app, "-s,--size", a.sizes, "Message sizes, 1 to 16M. Default: 64,4K,64K", kLoad);
  add_list(app, "-c,--clients", a.clients, "Connections, 1 to 10000. Default: 1", kLoad);
  add_text(app, "-w,--workload", a.workload, "NAME",
           "What the two ends do: stream (the server sends back to back), rr (requests and "
           "responses), echo (rr with requests as large as --size), upload (the clients send)",
           kLoad);
  add_list(app, "--link", a.links,
           "Between the two ends: loopback, veth (two network namespaces), sink (UDP into a device "
           "that drops: zero-copy without a copy). Default: loopback",
           kLoad);
  add_text(
      app, "--batch", a.batch, "N",
      "Messages an operation, 1 to 1024. Default: 1, but 64 for bundle (at most 256K an operation)",
      kLoad);
  add_text(app, "--fields", a.fields, "N", "Heap fields a message, 1 to 64", kLoad);
  add_text(
      app, "--working-set", a.working_set, "SIZE",
      "Distinct message bytes the sender rotates through: beyond the cache, copying costs more",
      kLoad);
  app.add_flag("--verify", a.verify,
               "Check every byte and the order on arrival; slower, and marked")
      ->group(kLoad);
}

void add_request_options(CLI::App& app, RunArguments& a) {
  add_text(app, "--request-size", a.request_size, "SIZE",
           "Bytes of a request, 1 to 16M. Default: 64; echo: as --size", kRequests);
  add_list(app, "--depth", a.depths,
           "Requests in flight a connection, 1 to 1024; open loop: 0 is no bound. Default: 1, with "
           "--rate 0",
           kRequests);
  add_list(app, "--rate", a.rates,
           "Requests a second of all clients together, at times fixed in advance (open loop): "
           "latency counts from when a request should have gone. Default: none, each response lets "
           "the next request go (closed loop)",
           kRequests);
  add_text(app, "--gaps", a.gaps, "NAME", "Between two requests of an open loop: fixed or poisson",
           kRequests);
  app.add_flag("--histogram", a.histogram, "Keep each sample's whole latency histogram")
      ->group(kRequests);
}

void add_server_options(CLI::App& app, RunArguments& a) {
  add_list(app, "--recv", a.receives,
           "How the server receives: recv, trunc, zerocopy-mmap; uring: single, multishot, bundle, "
           "incremental, read-fixed, trunc. Default: recv; uring: multishot",
           kServer);
  add_list(app, "--wait", a.waits,
           "How the server waits: block or spin (never sleeps, costs its CPU). Default: block",
           kServer);
  add_list(app, "--client-wait", a.client_waits,
           "How the load generator waits for responses: block or spin. Default: block", kServer);
  add_list(app, "--reactors,--loops", a.reactors,
           "Threads of uring and epoll, each with its own ring or loop and listening socket "
           "(SO_REUSEPORT), 1 to 256. Default: 1",
           kServer);
  app.add_flag("--huge-pages", a.huge_pages, "Messages in huge pages (vm.nr_hugepages)")
      ->group(kServer);
}

void add_ring_options(CLI::App& app, RunArguments& a) {
  add_list(app, "--ring", a.rings,
           "Set-up: best (what the kernel grants of the next three), defer, coop, plain, sqpoll (a "
           "kernel thread submits). Default: best",
           kRing);
  add_text(app, "--registered-files", a.registered_files, "on|off",
           "Sockets in the ring's own table", kRing);
  add_text(app, "--registered-ring-fd", a.registered_ring_fd, "on|off",
           "The ring's descriptor registered", kRing);
  app.add_flag("--poll-first", a.poll_first, "Receives wait for data before they try")
      ->group(kRing);
  add_text(app, "--napi-busy-poll", a.napi_busy_poll, "TIME",
           "Polls the device's queue for so long; 0s is off", kRing);
  add_text(app, "--min-wait", a.min_wait, "TIME",
           "Gathers completions for so long before it wakes; 0s is off", kRing);
  add_text(app, "--cq-entries", a.cq_entries, "N",
           "Completion queue, 64 to 65536. Default: by the number of clients", kRing);
}

void add_link_options(CLI::App& app, RunArguments& a) {
  add_text(app, "--mtu", a.mtu, "SIZE",
           "Of the device of veth and sink, 576 to 65535. Default: 65535. Larger messages go by "
           "UDP_SEGMENT",
           kSockets);
  add_text(app, "--link-offloads", a.link_offloads, "on|off",
           "Scatter-gather and checksums of that device; off: zero-copy copies", kSockets);
  add_text(app, "--link-delay", a.link_delay, "TIME", "One way, of veth, by netem", kSockets);
}

void fill_link(study::StudyOptions& options, const RunArguments& a) {
  options.links.clear();
  for (const std::string& text : a.links) {
    const auto link = from_text<Link>(text);
    if (!link) refuse("--link", text, "a link; accepted are loopback, veth and sink");
    options.links.push_back(*link);
  }
  if (!a.mtu.empty()) options.device.mtu_bytes = count_of("--mtu", a.mtu, 65'535);
  options.device.offloads = switch_of("--link-offloads", a.link_offloads);
  options.device.delay_ns = duration_of("--link-delay", a.link_delay);
}

void add_socket_options(CLI::App& app, RunArguments& a) {
  add_list(app, "--transport", a.transports,
           "tcp (IPv4), tcp6 or unix (a unix-domain stream socket). Default: tcp", kSockets);
  add_text(app, "--nodelay", a.nodelay, "on|off",
           "TCP_NODELAY on both ends. Default: on with requests, else off; it changes small "
           "messages 5 to 7 times",
           kSockets);
  add_text(app, "--congestion", a.congestion, "NAME",
           "TCP congestion control. Default: cubic where the kernel has it (bbr paces loopback)",
           kSockets);
  add_text(app, "--send-buffer", a.send_buffer, "SIZE",
           "SO_SNDBUF of the server; 0 leaves it to the kernel", kSockets);
  add_text(app, "--receive-buffer", a.receive_buffer, "SIZE",
           "SO_RCVBUF of the clients; 0 leaves it to the kernel", kSockets);
  add_text(app, "--client-lowat", a.client_lowat, "SIZE",
           "SO_RCVLOWAT of the clients; 0 is off. It starves senders that wait for notifications",
           kSockets);
  add_text(app, "--server-cpus", a.server_cpus, "CPUS", "CPUs of the server. Default: the last",
           kSockets);
  add_text(app, "--client-cpus", a.client_cpus, "CPUS",
           "CPUs of the load generator. Default: the first", kSockets);
}

void add_repetition_options(CLI::App& app, RunArguments& a) {
  add_text(app, "-r,--reps", a.reps, "N",
           "Repetitions, interleaved in a drawn order. Default: 1 (3 without any option)",
           kRepetition);
  add_text(
      app, "--until-ci", a.until_ci, "PERCENT",
      "Instead of --reps: repeat whole blocks, 8 at least, until the interval of every ratio to "
      "the baseline reaches no further than this from it: 3%",
      kRepetition);
  add_text(app, "--max-reps", a.max_reps, "N", "End of --until-ci at the latest. Default: 40",
           kRepetition);
  add_text(app, "-d,--duration", a.duration, "TIME",
           "Measured window of one sample. Default: 1s (300ms without any option)", kRepetition);
  add_text(app, "--warmup", a.warmup, "TIME", "Run before it and thrown away. Default: 200ms",
           kRepetition);
  add_text(app, "--seed", a.seed, "N", "Draws the order of the cases", kRepetition);
}

void add_why_options(CLI::App& app, RunArguments& a) {
  add_list(app, "--counters", a.counters,
           "Counters to read, of `uringbench probe`. Default: sets that fit the CPU, a repetition "
           "each in turn",
           kWhy);
  app.add_flag("--profile", a.profile,
               "Run each case once more a repetition under the sampler, for where its time goes; "
               "never mixed with the figures of the others")
      ->group(kWhy);
  app.add_flag("--profile-cpus", a.profile_cpus,
               "The same of all that runs on each role's CPUs, in whoever's name")
      ->group(kWhy);
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

study::StudyOptions one_study(const RunArguments& a) {
  const bool newcomer = a.modes.empty() && a.sizes.empty() && a.duration.empty() && a.reps.empty();
  study::StudyOptions options;
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
  options.warmup_ns = duration_of("--warmup", !a.warmup.empty() ? a.warmup
                                              : newcomer        ? "100ms"
                                                                : "200ms");
  options.reps = count_of("--reps",
                          !a.reps.empty() ? a.reps
                          : newcomer      ? "3"
                                          : "1",
                          study::kMostReps);
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

void add_run_options(CLI::App& app, RunArguments& arguments) {
  add_load_options(app, arguments);
  add_request_options(app, arguments);
  add_server_options(app, arguments);
  add_ring_options(app, arguments);
  add_link_options(app, arguments);
  add_socket_options(app, arguments);
  add_repetition_options(app, arguments);
  add_why_options(app, arguments);
  add_text(app, "-o,--out", arguments.out, "DIR",
           "Keep samples.jsonl, results.csv, table.txt and thresholds.json in DIR, a new directory",
           kOutput);
  add_text(
      app, "--resume", arguments.resume, "DIR",
      "Continue the study in DIR where it stopped; its plan stands there, so no other option is "
      "needed",
      kOutput);
  app.allow_config_extras(false);  // a name that is misspelt must not be passed over
  app.set_config("--plan", "",
                 "Read options from FILE: a line each, by their long names without dashes (size = "
                 "64,4K); those of the command line go first")
      ->type_name("FILE")
      ->group(kRepetition);
  add_report_options(app, arguments);
}

void add_report_options(CLI::App& app, RunArguments& arguments) {
  add_text(app, "-f,--format", arguments.format, "FORMAT",
           "What standard output holds: table, jsonl or csv", kOutput);
  add_text(app, "--baseline", arguments.baseline, "MODE",
           "The mode the ratios are to. Default: the first of the comparison", kOutput);
}

std::vector<study::StudyOptions> to_study(const RunArguments& a) {
  std::vector<study::StudyOptions> studies;
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
