#include "arguments.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <limits>

#include "uringbench/base/error.hpp"
#include "uringbench/base/units.hpp"

namespace ub::cli {
namespace {

const std::vector<std::string> kDefaultSizes = {"64", "4K", "64K"};

constexpr const char* kLoad = "Load";
constexpr const char* kSockets = "Sockets and CPUs";
constexpr const char* kRepetition = "Repetition";
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
           "What the two ends do: stream (the server sends back to back)", kLoad);
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

void add_socket_options(CLI::App& app, RunArguments& a) {
  add_text(
      app, "--nodelay", a.nodelay, "on|off",
      "TCP_NODELAY on both ends. Default: off for stream; it changes small messages 5 to 7 times",
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
  add_text(app, "-d,--duration", a.duration, "TIME",
           "Measured window of one sample. Default: 1s (300ms without any option)", kRepetition);
  add_text(app, "--warmup", a.warmup, "TIME", "Run before it and thrown away. Default: 200ms",
           kRepetition);
  add_text(app, "--seed", a.seed, "N", "Draws the order of the cases", kRepetition);
}

}  // namespace

void add_run_options(CLI::App& app, RunArguments& arguments) {
  add_load_options(app, arguments);
  add_socket_options(app, arguments);
  add_repetition_options(app, arguments);
  add_text(app, "-o,--out", arguments.out, "DIR",
           "Keep samples.jsonl, results.csv, table.txt and thresholds.json in DIR, a new directory",
           kOutput);
  add_report_options(app, arguments);
}

void add_report_options(CLI::App& app, RunArguments& arguments) {
  add_text(app, "-f,--format", arguments.format, "FORMAT",
           "What standard output holds: table, jsonl or csv", kOutput);
  add_text(app, "--baseline", arguments.baseline, "MODE",
           "The mode the ratios are to. Default: the first of the comparison", kOutput);
}

study::StudyOptions to_study(const RunArguments& a) {
  const bool newcomer = a.modes.empty() && a.sizes.empty() && a.duration.empty() && a.reps.empty();
  study::StudyOptions options;
  options.modes = a.modes.empty() ? std::vector<std::string>{"default"} : a.modes;
  for (const std::string& size : a.sizes.empty() ? kDefaultSizes : a.sizes) {
    options.sizes_bytes.push_back(size_of("--size", size));
  }
  for (const std::string& clients : a.clients) {
    options.clients.push_back(count_of("--clients", clients, kMaxClients));
  }
  const auto workload = from_text<Workload>(a.workload);
  if (!workload) refuse("--workload", a.workload, "a workload; accepted is stream");
  options.workload = *workload;
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
  options.seed = number_of("--seed", a.seed, std::numeric_limits<std::uint64_t>::max());
  return options;
}

Format to_format(const RunArguments& arguments) {
  if (arguments.format == "table") return Format::table;
  if (arguments.format == "jsonl") return Format::jsonl;
  if (arguments.format == "csv") return Format::csv;
  refuse("--format", arguments.format, "a format; accepted are table, jsonl and csv");
}

}  // namespace ub::cli
