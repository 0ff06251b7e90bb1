// The forms of samples.jsonl.
#include <fmt/format.h>

#include <type_traits>

#include "form_rows.hpp"
#include "uringbench/model/counts.hpp"
#include "uringbench/model/factor.hpp"
#include "uringbench/model/json.hpp"

namespace ub::report {
namespace {

template <typename Value>
const char* type_of() {
  if constexpr (std::is_same_v<Value, Number>) return "integer";
  return std::is_same_v<Value, ErrorCounts> ? "integer{}" : "text?";
}

/// Every count of the group, as the counts table has it.
template <typename Counts>
void add_counts(FormRow& form) {
  for_each_count<Counts>(
      [&]<typename Value, typename Cell>(const CountRow<Counts, Value, Cell>& row) {
        const bool whole_run = row.span == Span::run;
        form.fields.push_back({row.key, type_of<Value>(), std::string(row.unit),
                               std::string(row.meaning) + (whole_run ? "; of the whole run" : ""),
                               row.older_files == OlderFiles::have_it});
      });
}

template <typename Counts>
FormRow counts(std::string_view name, std::string_view meaning) {
  FormRow row = form(name, meaning, {});
  add_counts<Counts>(row);
  return row;
}

const char* kind_text(FactorKind kind) {
  switch (kind) {
    case FactorKind::variant:
      return "variant";
    case FactorKind::condition:
      return "condition";
    case FactorKind::setting:
      break;
  }
  return "setting";
}

void add_factor(FormRow& form, const Factor& factor) {
  Json example;
  factor.to_json(example, Case{});
  const std::string option = factor.option.empty() ? "" : fmt::format(", --{}", factor.option);
  for (const std::string_view key : factor.keys) {
    const Json& value = example.at(std::string(key));
    const char* type = value.is_number_integer() ? "integer"
                       : value.is_number()       ? "number"
                                                 : "text";
    const std::string meaning = fmt::format("{}{}: {}", kind_text(factor.kind), option,
                                            factor.help.empty() ? "made from others" : factor.help);
    form.fields.push_back({std::string(key), type, std::string(unit_in(key)), meaning,
                           factor.always_recorded && factor.recorded_when_idle});
  }
}

/// One value of every factor.
FormRow case_form() {
  FormRow row =
      form("case", "one value of every factor: what was measured, under what, and how",
           {{"mode", "text", "engine and path"},
            {"purpose", "text",
             "comparison, or what it was measured for instead: noise, drift, harness, profile"}});
  for (const Factor& factor : factors()) add_factor(row, factor);
  return row;
}

FormRow sample_form() {
  return form(
      "sample", "one repetition of one case",
      {{"schema", "integer", "1"},
       {"record", "\"sample\"", "which kind of line this is"},
       {"status", "text",
        "valid, invalid, failed or unavailable; only valid samples may be quoted"},
       {"reason", "text?", "why it is not valid"},
       {"case", "case", "what was measured"},
       {"rep", "integer", "which repetition, from 0"},
       {"block", "integer",
        "which block, from 0: samples of one block are compared with each other"},
       {"window_s", "number", "length of the measured window, by the receiver's clock"},
       {"messages", "integer", "that arrived in the window", "messages"},
       {"bytes", "integer", "that arrived in the window", "bytes"},
       {"goodput_bps", "number", "payload that arrived"},
       {"message_rate", "number",
        "messages that arrived; of the null path operations of the server", "per second"},
       {"latency_ns", "times?",
        "of responses, from when the request should have been sent; null where there are no "
        "requests"},
       {"requests?", "requests?", "what became of the requests; null where there are none"},
       {"arrivals?", "arrivals?", "what the server received; null where it receives nothing"},
       {"send_timing?", "send_timing?", "how long sends took; null where the server sends nothing"},
       {"server", "role", "what the server used"},
       {"client", "role", "what the load generator used"},
       {"zero_copy", "zero_copy?",
        "what the kernel said of zero-copy sends; null where the path reports none"},
       {"sends", "sends", "what the server sent"},
       {"server_peak_rss_bytes", "integer", "most memory of the server"},
       {"marks", "text[]", "true of the sample, and say how to read it: client-bound"},
       {"put_aside?", "text[]", "why earlier takes of the sample do not count"},
       {"granted", "text{}", "set-up of the ring and features that the kernel really gave"},
       {"effective", "text{}", "socket options and the like as they were read back"},
       {"core_round_trip_ns?", "reading",
        "of a cache line between the CPUs of the two roles, just before the sample"}});
}

std::vector<FormRow> record_forms() {
  return {
      form("environment", "the machine and the program, when the study began or went on",
           {{"schema", "integer", "1"},
            {"record", "\"environment\"", "which kind of line this is"},
            {"seed", "integer", "that the order of the samples is drawn from"},
            {"facts", "text{}",
             "what is known of the machine and the program; a fact that could not be had says why"},
            {"ends?", "ends", "of a study over two hosts"}}),
      form("plan", "what is to be measured",
           {{"schema", "integer", "1"},
            {"record", "\"plan\"", "which kind of line this is"},
            {"reps", "integer", "repetitions; with until_ci the most", "repetitions"},
            {"seed", "integer", "as in the environment"},
            {"until_ci", "number?",
             "half width of every interval at which the study ends by itself", "share of 1"},
            {"baseline", "text?", "of until_ci: the mode or variant that ratios are to"},
            {"histogram", "text", "on or off: whole histograms are kept"},
            {"counters?", "text[]", "asked for beside those that are always counted"},
            {"profile?", "text", "on or off: profiled samples are added"},
            {"hosts?", "hosts", "of a study over two hosts"},
            {"cases", "planned_case[]", "every case"}}),
      form("more_reps", "the study was resumed with more repetitions",
           {{"schema", "integer", "1"},
            {"record", "\"more_reps\"", "which kind of line this is"},
            {"reps", "integer", "the new number", "repetitions"}}),
      sample_form()};
}

std::vector<FormRow> plan_forms() {
  return {form("ends", "what the two hosts say of themselves",
               {{"server", "text{}", "facts of the server's host"},
                {"load", "text{}[]", "facts of the load generator's host"}}),
          form("hosts", "where the two ends run",
               {{"server", "text", "as --server"},
                {"load", "text[]", "as --load"},
                {"data_address", "text?", "as --data-address"},
                {"remote_program", "text?", "as --remote-program"},
                {"data_ports", "integer[]", "first and last, as --data-port"}}),
          form("planned_case", "a case of the plan",
               {{"case", "case", "what is to be measured"},
                {"unavailable", "text?", "why it cannot be had here"}})};
}

std::vector<FormRow> time_forms() {
  return {
      form("times",
           "one distribution of times; null with too few values behind a figure: ten must lie "
           "beyond a percentile",
           {{"count", "integer", "how many", "values"},
            {"min", "number?", "the shortest", "ns"},
            {"p50", "number?", "median", "ns"},
            {"p90", "number?", "90th percentile", "ns"},
            {"p99", "number?", "99th percentile", "ns"},
            {"p999", "number?", "99.9th percentile", "ns"},
            {"p9999?", "number?", "99.99th percentile", "ns"},
            {"max", "number?", "the longest", "ns"},
            {"mean", "number?", "arithmetic mean", "ns"}}),
      form("requests", "the requests that were planned within the window",
           {{"planned", "integer", "requests; in a closed loop: sent", "requests"},
            {"unanswered", "integer", "of those, without a response at the end", "requests"},
            {"achieved_per_s", "number", "responses within the window"},
            {"overloaded", "boolean", "open loop: less than 99 % of what was offered was answered"},
            {"offered_per_s", "number?", "open loop: what the plan asked for"},
            {"response_ns", "times", "from when a request should have been sent"},
            {"service_ns", "times", "from when it was sent"},
            {"lateness_ns", "times?", "open loop: the load generator's own delay"},
            {"histogram?", "integer[][]",
             "of response_ns, with --histogram: at least, less than, how many", "ns, ns, values"}}),
      [] {
        FormRow row =
            form("send_timing", "a sample of the server's operations, over the whole run",
                 {{"accepted_ns", "times", "from submission until the kernel had taken everything"},
                  {"released_ns", "times?", "zero-copy: until the last buffer had come back"}});
        add_counts<HeldCounts>(row);
        return row;
      }(),
      counts<SendCounts>("sends", "what the server sent"),
      counts<ZeroCopyCounts>("zero_copy", "what the kernel said of zero-copy sends"),
      counts<ArrivalCounts>("arrivals", "what the server received")};
}

std::vector<FormRow> role_forms() {
  return {
      form("role", "what one role used, all threads together, within the window",
           {{"cpu_ns", "integer", "CPU time, user and kernel"},
            {"user_ns", "integer", "of that in user space"},
            {"system_ns", "integer", "of that in the kernel"},
            {"counters", "reading{}", "of the role's own threads, by name: cycles, page_faults"},
            {"cpus?", "cpu_usage", "all that ran on the role's CPUs, whoever pays for it"},
            {"run_queue?", "run_queue!", "what the scheduler kept of its threads"},
            {"tsc?", "tsc!", "the time stamp counter at the second edge"},
            {"tsc_cycles_estimate?", "tsc_cycles!", "an estimate, for machines without a PMU"},
            {"longest_pause_ns?", "integer", "that the role was kept from its CPU"},
            {"throttled_ns?", "integer", "that a control group kept it from its CPU"},
            {"profile?", "profile!", "of profiled samples: where the CPU time went"}}),
      form("reading", "a value that not every machine gives, or why there is none",
           {{"value?", "number", "the value, scaled by its running share"},
            {"running?", "number", "the share of the window during which it was counted",
             "share of 1"},
            {"raw?", "raw_count", "as the kernel gave it"},
            {"unavailable?", "text", "why there is no value; then there is nothing else"}}),
      form("raw_count", "one counter as perf_event_open(2) gives it",
           {{"count", "integer", "events"},
            {"enabled_ns", "integer", "it was enabled"},
            {"running_ns", "integer", "it was counting"}}),
      form("cpu_usage", "all that ran on some CPUs",
           {{"cpus", "text", "which"},
            {"times", "cpu_times!", "where their time went"},
            {"counters", "reading{}", "system-wide on them"}}),
      form("cpu_times", "summed over the CPUs (/proc/stat, in steps of 10 ms)",
           {{"user_ns", "integer", "with nice and guests"},
            {"system_ns", "integer", "in the kernel for processes"},
            {"irq_ns", "integer", "in interrupts"},
            {"softirq_ns", "integer", "in softirqs"},
            {"steal_ns", "integer", "this VM was ready to run and the host ran something else"},
            {"idle_ns", "integer", "with waiting for disks"}}),
      form("run_queue", "of the scheduler (/proc/<pid>/schedstat)",
           {{"on_cpu_ns", "integer", "running"},
            {"waiting_ns", "integer", "ready to run while something else ran"},
            {"slices", "integer", "times a thread was put on a CPU", "times"}}),
      form("tsc", "the time stamp counter and CLOCK_MONOTONIC at one moment",
           {{"tsc", "integer", "the counter", "ticks"},
            {"time_ns", "integer", "the clock"},
            {"uncertainty_ns", "integer", "the two may be this far apart"}}),
      form("tsc_cycles",
           "CPU time times the constant rate of the TSC: core cycles only while the core runs at "
           "that rate",
           {{"value", "number", "the estimate", "ticks"},
            {"ticks_per_second", "number", "the rate"},
            {"relative_error", "number", "of the rate alone", "share of 1"}})};
}

std::vector<FormRow> profile_forms() {
  return {form("profile", "one role of a profiled sample",
               {{"scope", "text", "what was sampled: the role's threads or its CPUs"},
                {"event", "text", "that triggers a sample"},
                {"event_note", "text", "what it cannot see"},
                {"events_on?", "text", "where the events were counted"},
                {"frequency_hz", "integer", "samples asked for per second"},
                {"lost", "integer", "samples that the kernel dropped", "samples"},
                {"throttled", "integer", "times that the kernel slowed the sampler down", "times"},
                {"ledger", "ledger", "the samples by cause"}}),
          form("ledger", "CPU time by cause",
               {{"samples", "integer", "of all causes", "samples"},
                {"lines", "ledger_line[]", "one per cause"}}),
          form("ledger_line", "one cause",
               {{"category", "text", "its name"},
                {"samples", "integer", "that fell on it", "samples"},
                {"share", "estimate", "of the CPU time", "share of 1"},
                {"interrupt_share", "number", "of its samples: taken in interrupts"},
                {"ns_per_message", "estimate?", "its cost"},
                {"ns_per_byte", "estimate?", "its cost"}}),
          form("estimate", "a value with its 95 % interval",
               {{"value", "number", ""}, {"low", "number", ""}, {"high", "number", ""}})};
}

}  // namespace

std::vector<FormRow> sample_forms() {
  std::vector<FormRow> all = record_forms();
  all.push_back(case_form());
  for (auto* forms : {plan_forms, time_forms, role_forms, profile_forms}) {
    for (FormRow& each : forms()) all.push_back(std::move(each));
  }
  return all;
}

}  // namespace ub::report
