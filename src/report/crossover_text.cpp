// The crossovers of a study for people.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "layout.hpp"
#include "renders.hpp"
#include "uringbench/base/units.hpp"
#include "writing.hpp"

namespace ub::report {
namespace {

using analysis::CrossoverGroup;
using analysis::Objective;
using analysis::PairCrossover;
using analysis::SizedVariant;
using stats::CrossoverOutcome;
using stats::Side;

constexpr std::size_t kLeastMode = 12;
constexpr Indent kList{.first = 0, .rest = 2};

std::string_view heading(Objective objective) {
  switch (objective) {
    case Objective::throughput:
      return "Crossovers of throughput";
    case Objective::cpu:
      return "Crossovers of the CPU time of both ends by the byte";
    case Objective::latency_p50:
      return "Crossovers of p50 latency at this load";
    case Objective::latency_p99:
      return "Crossovers of p99 latency at this load";
  }
  return "";
}

std::string between_text(const stats::Interval& size) {
  return fmt::format("[{}, {}]", size_text(size.low), size_text(size.high));
}

void add_rows(Table& table, const PairCrossover& pair) {
  const std::size_t count = pair.found.crossings.size();
  for (std::size_t i = 0; i < count; ++i) {
    const stats::Crossing& crossing = pair.found.crossings[i];
    const bool a_below = crossing.cheaper_below == Side::a;
    TableRow row;
    row.cells = {a_below ? pair.a : pair.b,
                 a_below ? pair.b : pair.a,
                 size_text(crossing.size_bytes.value),
                 between_text(crossing.size_bytes),
                 fmt::format("{:.3g}%", crossing.size_bytes.level * 100),
                 pair.predicted_bytes ? size_text(*pair.predicted_bytes) : "-"};
    if (count > 1) row.remark = fmt::format("{} of {}", i + 1, count);
    table.rows.push_back(std::move(row));
  }
}

Page crossing_table(const CrossoverGroup& group) {
  Table table;
  table.columns = {{"best below", Align::left, kLeastMode},
                   {"best from there on", Align::left, kLeastMode},
                   {"size"},
                   {"interval"},
                   {"level"},
                   {"model\nsays"}};
  for (const PairCrossover& pair : group.pairs) add_rows(table, pair);
  return table.rows.empty() ? Page("no crossing is shown\n") : Page(std::move(table));
}

std::string range_text(const PairCrossover& pair) {
  return fmt::format("within {} ... {}", format_size(pair.sizes_bytes.front()),
                     format_size(pair.sizes_bytes.back()));
}

std::string open_text(const PairCrossover& pair) {
  if (!pair.found.more_blocks) return "undecided, and more repetitions would not help";
  return fmt::format("undecided, about {} more repetition{} may decide it", *pair.found.more_blocks,
                     *pair.found.more_blocks == 1 ? "" : "s");
}

/// Pairs that cross nowhere, gathered under what is true of them; a study of ten modes has 45
/// pairs.
std::map<std::string, std::vector<std::string>> gathered(const CrossoverGroup& group) {
  std::map<std::string, std::vector<std::string>> lines;
  for (const PairCrossover& pair : group.pairs) {
    const std::string both = fmt::format("{} / {}", pair.a, pair.b);
    if (pair.found.outcome == CrossoverOutcome::undecided) {
      lines[open_text(pair)].push_back(both);
    } else if (pair.found.outcome == CrossoverOutcome::never) {
      const bool a = pair.found.cheaper == Side::a;
      if (pair.found.cheaper == Side::neither) {
        lines[fmt::format("never {}, no difference that matters", range_text(pair))].push_back(
            both);
      } else {
        lines[fmt::format("never {}, {} is never worse than", range_text(pair),
                          a ? pair.a : pair.b)]
            .push_back(a ? pair.b : pair.a);
      }
    }
  }
  return lines;
}

std::string residual_text(const SizedVariant& each) {
  if (each.sizes < analysis::kFewestSizesForResiduals) return "-";
  const stats::Residual& worst = each.model->worst;
  return fmt::format("{:+.1f}% at {}", worst.relative * 100, format_size(worst.size_bytes));
}

Page model_table(const CrossoverGroup& group) {
  Table table;
  table.columns = {
      {"two-term model", Align::left, kLeastMode}, {"ns/msg"}, {"ns/B"}, {"largest residual"}};
  for (const SizedVariant& each : group.variants) {
    if (!each.model) continue;
    const stats::TwoTermModel& model = *each.model;
    const bool holds = model.fixed >= 0 && model.per_byte >= 0;
    table.rows.push_back({{each.name, fmt::format("{:.0f}", model.fixed),
                           fmt::format("{:.4f}", model.per_byte), residual_text(each)},
                          holds ? "" : "a term below 0: the model does not hold"});
  }
  return Page(std::move(table));
}

Page too_few_text(const std::vector<CrossoverGroup>& groups) {
  std::size_t blocks = 0;
  for (const CrossoverGroup& group : groups) {
    for (const PairCrossover& pair : group.pairs) blocks = std::max(blocks, pair.blocks);
  }
  if (blocks >= analysis::kFewestBlocksForACrossover) return {};
  return paragraph(fmt::format("crossovers: {} repetitions cannot show one, however clear it is; 3 "
                               "show what is clear, 8 to 10 serve (--reps 10)",
                               blocks),
                   kList);
}

}  // namespace

Page crossover_text(const std::vector<CrossoverGroup>& groups) {
  if (groups.empty()) return {};
  if (Page too_few = too_few_text(groups); !too_few.empty()) return too_few;
  Page out;
  for (const CrossoverGroup& group : groups) {
    if (!out.empty()) out += '\n';
    out += paragraph(fmt::format("{}: {}", heading(group.objective), group.title));
    out += crossing_table(group);
    for (const auto& [claim, pairs] : gathered(group)) {
      out += paragraph(fmt::format("{}: {}", claim, fmt::join(pairs, ", ")), kList);
    }
    out += model_table(group);
  }
  return out;
}

}  // namespace ub::report
