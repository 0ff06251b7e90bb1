// The options of `run`: names, groups, defaults and help.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "arguments.hpp"

namespace ub::cli {
namespace {

constexpr const char* kLoad = "Load";
constexpr const char* kRequests = "Requests (workloads rr and echo)";
constexpr const char* kServer = "Server";
constexpr const char* kRing = "Ring (modes of the uring engine)";
constexpr const char* kSockets = "Sockets and CPUs";
constexpr const char* kRepetition = "Repetition";
constexpr const char* kWhy = "Why";
constexpr const char* kOutput = "Output";

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
  add_list(
      app, "--link", a.links,
      "Between the two ends: loopback, veth (two network namespaces), sink (UDP into a device "
      "that drops: zero-copy without a copy), tcp-sink (TCP into one a client, acknowledged by "
      "a bot). Default: loopback",
      kLoad);
  add_text(
      app, "--batch", a.batch, "N",
      "Messages an operation, 1 to 1024. Default: 1, but 64 for bundle and mmsg (at most 256K an "
      "operation)",
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
  add_list(app, "--notify", a.notifies,
           "When a zero-copy sender learns that its buffers are free: each (before the next "
           "operation), ring:N (while it goes on from N buffers), ring (from all of the working "
           "set), lazy (only when none is left; pthread and epoll). Default: ring",
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
  add_text(
      app, "--mtu", a.mtu, "SIZE",
      "Of the device of veth, sink and tcp-sink, 576 to 65535. Default: 65535. Larger datagrams go "
      "by UDP_SEGMENT",
      kSockets);
  add_text(app, "--link-offloads", a.link_offloads, "on|off",
           "Scatter-gather and checksums of that device; off: zero-copy copies", kSockets);
  add_text(app, "--link-delay", a.link_delay, "TIME", "One way, of veth, by netem", kSockets);
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
  add_text(app, "--warmup", a.warmup, "TIME", "Run before it and thrown away", kRepetition);
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

}  // namespace ub::cli
