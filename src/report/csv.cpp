// The format `csv`: a header, then one row a sample of the comparison.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "form_rows.hpp"
#include "renders.hpp"
#include "uringbench/analysis/metrics.hpp"
#include "uringbench/model/factor.hpp"

namespace ub::report {
namespace {

using namespace analysis;  // metrics by the dozen

using Field = std::variant<std::string, Unavailable>;

struct CsvColumn {
  std::string_view name;
  std::string_view unit;
  std::string_view meaning;
  std::function<Field(const Sample&)> field;
};

template <typename Value>
Field text(const Value& value) {
  return fmt::format("{}", value);
}

Field figure(const Reading& reading) {
  if (const auto* none = std::get_if<Unavailable>(&reading)) return *none;
  return text(std::get<Counted>(reading).value);
}

/// A count of a sample that ran. Of one that did not it would be a 0 that nobody measured.
template <typename Value>
Field measured(const Sample& sample, const Value& value) {
  if (!ran(sample))
    return Unavailable{fmt::format("{}: {}", to_text(sample.status), sample.reason)};
  return text(value);
}

Field field_of(const Text& value) {
  return value;
}

Field field_of(Number value) {
  return text(value);
}

Field field_of(const ErrorCounts& errors) {
  std::vector<std::string> texts;
  for (const auto& [name, count] : errors) texts.push_back(fmt::format("{}={}", name, count));
  return fmt::format("{}", fmt::join(texts, ";"));
}

/// Null where the sample has none. A group of the server that no sample has does not compile.
const SendCounts* group_of(const Sample& sample, SendCounts ServerCounts::*) {
  return &sample.sends;
}

const ZeroCopyCounts* group_of(const Sample& sample, ZeroCopyCounts ServerCounts::*) {
  return sample.zero_copy ? &*sample.zero_copy : nullptr;
}

const ArrivalCounts* group_of(const Sample& sample, ArrivalCounts ServerCounts::*) {
  return sample.arrivals ? &*sample.arrivals : nullptr;
}

const HeldCounts* group_of(const Sample& sample, HeldCounts ServerCounts::*) {
  return sample.send_timing ? &sample.send_timing->held : nullptr;
}

template <typename Row, typename Counts>
Field count_field(const Row& row, const Counts& counts) {
  const auto& whole = std::get<0>(kCountRows<Counts>);
  if constexpr (std::is_same_v<decltype(row.member), Number Counts::*>) {
    const bool unknown = row.older_files == OlderFiles::zero_is_unknown &&
                         counts.*row.member == 0 && counts.*whole.member > 0;
    if (unknown)
      return Unavailable{"there were none, or the file is of a program that did not count it"};
  }
  return field_of(counts.*row.member);
}

/// A column for each count of the server.
std::vector<CsvColumn> count_columns() {
  std::vector<CsvColumn> columns;
  for_each_server_group([&]<typename Counts>(Counts ServerCounts::*group, auto /*tally*/,
                                             auto /*name*/, const char* why_absent) {
    for_each_count<Counts>([&](const auto& row) {
      columns.push_back({row.column, row.unit, row.meaning,
                         [group, why_absent, row](const Sample& sample) -> Field {
                           if (!ran(sample)) return did_not_run(sample);
                           const Counts* counts = group_of(sample, group);
                           if (counts == nullptr) return Unavailable{why_absent};
                           return count_field(row, *counts);
                         }});
    });
  });
  return columns;
}

// The names the perf module gives the counters that have a column.
constexpr const char* kCycles = "cycles";
constexpr const char* kInstructions = "instructions";
constexpr const char* kL1Misses = "l1d_misses";
constexpr const char* kLlcMisses = "llc_misses";
constexpr const char* kContextSwitches = "context_switches";
constexpr const char* kPageFaults = "page_faults";
constexpr std::array kCounters{kCycles,    kInstructions,    kL1Misses,
                               kLlcMisses, kContextSwitches, kPageFaults};

/// The least share of the window during which a counter of this row really ran.
Field counters_running(const Sample& sample) {
  std::optional<double> least;
  for (const char* name : kCounters) {
    const Reading reading = server_counter(sample, name);
    if (const auto* counted = std::get_if<Counted>(&reading)) {
      least = std::min(least.value_or(1.0), counted->running);
    }
  }
  if (!least) return ran(sample) ? Unavailable{"no counter was counted"} : did_not_run(sample);
  return text(*least);
}

const auto kOwnColumns = std::to_array<CsvColumn>({
    {"impl", "", "mode: engine and path",
     [](const Sample& s) -> Field { return mode_name(s.the_case); }},
    {"status", "", "valid, invalid, failed or unavailable; only valid rows may be quoted",
     [](const Sample& s) { return text(to_text(s.status)); }},
    {"reason", "", "why the sample is not valid", [](const Sample& s) { return text(s.reason); }},
    {"rep", "", "which repetition, from 0", [](const Sample& s) { return text(s.rep); }},
    {"block", "", "which block, from 0: rows of one block are compared with each other",
     [](const Sample& s) { return text(s.block); }},
    {"window_s", "s", "length of the measured window",
     [](const Sample& s) { return measured(s, s.window_s); }},
    {"messages", "messages", "that arrived in the window",
     [](const Sample& s) { return measured(s, s.messages); }},
    {"bytes", "bytes", "that arrived in the window",
     [](const Sample& s) { return measured(s, s.bytes); }},
    {"throughput_gbps", "10^9 bits per second", "payload that arrived",
     [](const Sample& s) { return figure(throughput_gbps(s)); }},
    {"message_rate", "per second",
     "messages that arrived; of the null path operations of the server",
     [](const Sample& s) { return figure(message_rate(s)); }},
    {"latency_us", "us", "median response time",
     [](const Sample& s) { return figure(latency_p50_us(s)); }},
    {"cpu_ns_per_byte", "ns per byte", "CPU time of both roles",
     [](const Sample& s) { return figure(cpu_ns_per_byte(s)); }},
    {"server_cpu_ns_per_byte", "ns per byte", "CPU time of the server",
     [](const Sample& s) { return figure(server_ns_per_byte(s)); }},
    {"client_cpu_ns_per_byte", "ns per byte", "CPU time of the load generator",
     [](const Sample& s) { return figure(client_ns_per_byte(s)); }},
    {"cpu_cycles", "cycles", "of the server, scaled by its running share",
     [](const Sample& s) { return figure(server_counter(s, kCycles)); }},
    {"cycles_per_byte", "cycles per byte", "of the server",
     [](const Sample& s) { return figure(cycles_per_byte(s)); }},
    {"instructions", "instructions", "of the server, scaled by its running share",
     [](const Sample& s) { return figure(server_counter(s, kInstructions)); }},
    {"l1_misses", "misses", "of the server's L1 data cache, scaled by its running share",
     [](const Sample& s) { return figure(server_counter(s, kL1Misses)); }},
    {"llc_cache_misses", "misses",
     "of the last-level cache by the server, scaled by its running share",
     [](const Sample& s) { return figure(server_counter(s, kLlcMisses)); }},
    {"context_switches", "switches", "of the server",
     [](const Sample& s) { return figure(server_counter(s, kContextSwitches)); }},
    {"page_faults", "faults", "of the server",
     [](const Sample& s) { return figure(server_counter(s, kPageFaults)); }},
    {"system_calls_per_operation", "per operation", "of the server",
     [](const Sample& s) { return figure(system_calls_per_operation(s)); }},
    {"marks", "", "true of the sample, and say how to read it; joined by semicolons",
     [](const Sample& s) { return text(fmt::format("{}", fmt::join(s.marks, ";"))); }},
    {"counters_running", "share of 1",
     "the least share of the window during which a counter of this row ran", counters_running},
});

/// A number in the unit of its name, or the text that its option takes.
Field factor_field(const Factor& factor, const Sample& sample) {
  Json json;
  factor.to_json(json, sample.the_case);
  const Json& value = json.at(std::string(factor.key));
  return value.is_number() ? value.dump() : factor.print(sample.the_case);
}

/// The columns in their order: the mode, every factor, what was measured, and every count.
std::vector<CsvColumn> all_columns() {
  std::vector<CsvColumn> columns(kOwnColumns.begin(), kOwnColumns.end());
  std::vector<CsvColumn> of_factors;
  for (const Factor& factor : factors()) {
    const std::string_view name = factor.column.empty() ? factor.key : factor.column;
    of_factors.push_back({name, unit_in(factor.key), factor.help, [&factor](const Sample& sample) {
                            return factor_field(factor, sample);
                          }});
  }
  columns.insert(columns.begin() + 1, of_factors.begin(), of_factors.end());
  for (CsvColumn& column : count_columns()) columns.push_back(std::move(column));
  return columns;
}

const std::vector<CsvColumn>& columns() {
  static const std::vector<CsvColumn> all_the_columns = all_columns();
  return all_the_columns;
}

/// Why fields are empty, each reason once with the columns it holds for: a machine without counters
/// would repeat one long sentence in every row five times.
class Reasons {
 public:
  void add(std::string_view column, const std::string& reason) {
    for (auto& [known, columns] : columns_by_reason_) {
      if (known == reason) {
        columns.emplace_back(column);
        return;
      }
    }
    columns_by_reason_.push_back({reason, {std::string(column)}});
  }

  [[nodiscard]] std::string text() const {
    std::vector<std::string> texts;
    for (const auto& [reason, columns] : columns_by_reason_) {
      texts.push_back(fmt::format("{}: {}", fmt::join(columns, ", "), reason));
    }
    return fmt::format("{}", fmt::join(texts, "; "));
  }

 private:
  std::vector<std::pair<std::string, std::vector<std::string>>> columns_by_reason_;
};

constexpr std::string_view kReasonColumn = "unavailable_reason";

}  // namespace

std::vector<FieldRow> csv_columns() {
  std::vector<FieldRow> rows;
  for (const CsvColumn& each : columns()) {
    rows.push_back({std::string(each.name), each.unit.empty() ? "text" : "number",
                    std::string(each.unit), std::string(each.meaning), true});
  }
  rows.push_back({std::string(kReasonColumn), "text", "",
                  "why fields of the row are empty: \"column, column: reason; column: reason\"",
                  true});
  return rows;
}

std::string csv_field(std::string_view field) {
  if (field.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(field);
  std::string quoted = "\"";
  for (const char c : field) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string csv_header() {
  std::string line;
  for (const CsvColumn& column : columns()) line += csv_field(column.name) + ',';
  return line + std::string(kReasonColumn) + '\n';
}

std::string csv_row(const Sample& sample) {
  std::string line;
  Reasons reasons;
  for (const CsvColumn& column : columns()) {
    const Field field = column.field(sample);
    if (const auto* value = std::get_if<std::string>(&field)) {
      line += csv_field(*value);
    } else {
      reasons.add(column.name, std::get<Unavailable>(field).reason);
    }
    line += ',';
  }
  return line + csv_field(reasons.text()) + '\n';
}

namespace {

std::string header(const Environment& /*environment*/, const Plan& /*plan*/) {
  return csv_header();
}

/// Samples that only price the harness, the noise or the drift have no row.
std::string row(const Sample& sample) {
  return sample.the_case.purpose == Purpose::comparison ? csv_row(sample) : "";
}

}  // namespace

Format csv_format() {
  return {.name = "csv",
          .help = "a row for each sample, as it comes; of several studies for each cell",
          .file = "results.csv",
          .begin = header,
          .sample = row,
          .matrix = matrix_csv};
}

}  // namespace ub::report
