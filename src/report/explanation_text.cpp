// Why one of two modes is faster: both ledgers side by side, the copies, what the sampler cost.
#include <fmt/format.h>

#include <cmath>

#include "layout.hpp"
#include "renders.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/stats/quantile.hpp"
#include "writing.hpp"

namespace ub::report {
namespace {

using analysis::CategoryDifference;
using analysis::CopyYardstick;
using analysis::ExplainedSide;
using analysis::Explanation;
using analysis::RoleCosts;

/// A difference with its sign.
std::string signed_number(double value) {
  return fmt::format("{}{}", value < 0 ? '-' : '+', short_number(std::abs(value)));
}

std::string error_number(double half) {
  return fmt::format("+-{}", short_number(half));
}

std::string per_byte(double ns, const RoleCosts& costs) {
  return costs.bytes_per_message > 0 ? short_number(ns / costs.bytes_per_message) : "-";
}

TableRow row_of(const CategoryDifference& each, const RoleCosts& a, const RoleCosts& b) {
  return {.cells = {std::string(label(each.category)), short_number(each.a.ns),
                    error_number(each.a.half), per_byte(each.a.ns, a), short_number(each.b.ns),
                    error_number(each.b.half), per_byte(each.b.ns, b),
                    signed_number(each.difference.ns), error_number(each.difference.half)},
          .remark = each.shown() ? "" : "?"};
}

Page why_no_table(const RoleCosts& a, const RoleCosts& b) {
  Page text;
  if (!a.missing.empty()) text += paragraph(fmt::format("  A: no ledger: {}", a.missing), {0, 4});
  if (!b.missing.empty()) text += paragraph(fmt::format("  B: no ledger: {}", b.missing), {0, 4});
  return text;
}

Page ledger_table(const std::string& title, const std::vector<CategoryDifference>& lines,
                  const RoleCosts& a, const RoleCosts& b) {
  if (lines.empty()) return Page(title + "\n") + why_no_table(a, b);
  Table table{.columns = {{title, Align::left},
                          {"A\nns/msg"},
                          {"\n+-"},
                          {"A\nns/B"},
                          {"B\nns/msg"},
                          {"\n+-"},
                          {"B\nns/B"},
                          {"B - A\nns/msg"},
                          {"\n+-"}},
              .remark_head = "",
              .rows = {}};
  for (const CategoryDifference& each : lines) table.rows.push_back(row_of(each, a, b));
  table.rows.push_back({.cells = {"sum", short_number(a.total_ns), "", per_byte(a.total_ns, a),
                                  short_number(b.total_ns), "", per_byte(b.total_ns, b),
                                  signed_number(b.total_ns - a.total_ns), ""},
                        .remark = ""});
  return Page(std::move(table));
}

TableRow copies_row(const char* name, const ExplainedSide& side, const CopyYardstick& yardstick) {
  TableRow row{.cells = {name}, .remark = side.claim};
  for (const Category category : analysis::kCopyCategories) {
    const auto copies = copies_per_byte(side, category, yardstick);
    row.cells.push_back(copies ? fmt::format("{:.2f} +-{:.2f}", copies->ns, copies->half) : "-");
  }
  return row;
}

Page copy_table(const Explanation& explanation) {
  const CopyYardstick& yardstick = explanation.yardstick;
  if (yardstick.bytes_per_ns <= 0) return {};
  Table table{.columns = {{"copies a payload byte", Align::left},
                          {"flatten"},
                          {"user to\nkernel"},
                          {"deferred"},
                          {"kernel to\nuser"}},
              .remark_head = "claimed of the server",
              .rows = {}};
  table.rows.push_back(copies_row("A", explanation.a, yardstick));
  table.rows.push_back(copies_row("B", explanation.b, yardstick));
  return Page(std::move(table)) +
         paragraph(
             fmt::format("copies: time in copying, both roles, by the time memcpy takes here "
                         "for the same bytes in blocks of {} ({} GB/s); an estimate, since "
                         "memory that is cold costs more",
                         format_size(yardstick.block_bytes), short_number(yardstick.bytes_per_ns)),
             {0, 2});
}

Page side_line(const char* name, const ExplainedSide& side) {
  const auto rate = stats::median(side.rates);
  const std::string speed =
      rate ? fmt::format("{} msgs/s", short_count(*rate)) : std::string("no figures");
  return paragraph(
      fmt::format("{}: {}, {}, {} unprofiled repetition{}", name, mode_name(side.the_case), speed,
                  side.rates.size(), side.rates.size() == 1 ? "" : "s"),
      {0, 3});
}

Page sampler_cost(const char* name, const ExplainedSide& side) {
  if (!side.slowdown) {
    return paragraph(
        fmt::format("sampler, {}: its cost needs two profiled and two unprofiled repetitions",
                    name),
        {0, 2});
  }
  const stats::Interval& ratio = *side.slowdown;
  return paragraph(
      fmt::format("sampler, {}: message rate x{} of that without it ({:.0f} % interval "
                  "{} to {})",
                  name, ratio_number(ratio.value), 100 * ratio.level, ratio_number(ratio.low),
                  ratio_number(ratio.high)),
      {0, 2});
}

Page basis_of(const char* name, const ExplainedSide& side) {
  const auto unclassified = side.server.per_message.find(Category::unclassified);
  const double share = unclassified == side.server.per_message.end() || side.server.total_ns <= 0
                           ? 0
                           : unclassified->second.ns / side.server.total_ns;
  if (!side.server.missing.empty()) return {};
  return paragraph(
      fmt::format("ledger, {}: {} samples of the server and {} of the client by {}, {} lost; {} of "
                  "the server's are unclassified",
                  name, side.server.samples, side.client.samples, side.server.event,
                  side.server.lost + side.client.lost, percent(share)),
      {0, 2});
}

Page failures_text(const char* name, const ExplainedSide& side) {
  Page text;
  for (const std::string& failure : side.failures) {
    text += paragraph(fmt::format("{}: {}", name, failure), {0, 3});
  }
  return text;
}

Page notes(const Explanation& explanation) {
  Page text = sampler_cost("A", explanation.a) + sampler_cost("B", explanation.b) +
              basis_of("A", explanation.a) + basis_of("B", explanation.b);
  text += paragraph(
      "+-: half of the 95 % interval, of the sampling or of the repetitions, whichever is wider; "
      "?: "
      "the difference is within it",
      {0, 2});
  if (explanation.a.server.event == "cpu-clock") {
    text += paragraph(
        "cpu-clock: sampled by a timer, as there is no PMU; time with interrupts off is booked on "
        "the function that turns them on again",
        {0, 2});
  }
  if (explanation.a.server.events_on == "threads") {
    text += paragraph(
        "the sampler followed threads, since it may not sample whole CPUs: each context switch "
        "costs more, above all in a virtual machine; run as root, give the program CAP_PERFMON, or "
        "sysctl kernel.perf_event_paranoid=0",
        {0, 2});
  }
  return text;
}

bool nothing_sampled(const Explanation& explanation) {
  const auto blind = [](const ExplainedSide& side) {
    return !side.server.missing.empty() && !side.client.missing.empty();
  };
  return blind(explanation.a) && blind(explanation.b);
}

Page ledgers(const Explanation& explanation) {
  return '\n' +
         ledger_table("server", explanation.server, explanation.a.server, explanation.b.server) +
         '\n' +
         ledger_table("load generator", explanation.client, explanation.a.client,
                      explanation.b.client) +
         '\n' + copy_table(explanation) + '\n' + notes(explanation);
}

}  // namespace

Page explanation_text(const Environment& environment, const Explanation& explanation) {
  const Case& c = explanation.a.the_case;
  Page text = machine_line(environment);
  text += paragraph(fmt::format("{}, size {}, {} client{}", to_text(c.workload),
                                format_size(c.size_bytes), c.clients, c.clients == 1 ? "" : "s"));
  text += side_line("A", explanation.a) + side_line("B", explanation.b);
  text += failures_text("A", explanation.a) + failures_text("B", explanation.b);
  text += '\n' + paragraph(sentence_of(explanation));
  if (!nothing_sampled(explanation)) text += ledgers(explanation);
  return text;
}

}  // namespace ub::report
