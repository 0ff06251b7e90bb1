// What a study says where no time can be trusted, for people.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "group.hpp"
#include "layout.hpp"
#include "renders.hpp"
#include "uringbench/analysis/facts.hpp"
#include "writing.hpp"

namespace ub::report {
namespace {

using analysis::CaseFacts;
using analysis::FactChange;
using analysis::Group;
using analysis::Row;

Page facts_group(const Group& group, std::uint32_t reps) {
  constexpr std::size_t kLeastMode = 12;
  Table table;
  table.columns = {{"mode", Align::left, kLeastMode},
                   {"calls\n/op"},
                   {"completions\n/op"},
                   {"notific.\n/send"},
                   {"short\n/op"}};
  table.remark_head = "copies, marks";
  for (const Row& row : group.rows) {
    if (row.valid.empty()) continue;
    const CaseFacts facts = analysis::facts_of(row);
    TableRow cells{{analysis::variant_and_batch(row.the_case)}, remark_of(row, reps)};
    for (const auto& number : facts.numbers) {
      cells.cells.push_back(number ? ratio_number(number->median) : kNone);
    }
    table.rows.push_back(std::move(cells));
  }
  Page out = paragraph(group.title);
  if (!table.rows.empty()) out += Page(std::move(table));
  return out + render_failures(group, reps);
}

}  // namespace

std::string facts_only_sentence(const std::vector<std::string>& reasons) {
  if (reasons.empty()) return "";
  return fmt::format(
      "FACTS ONLY: no speed is compared, for times mean nothing here: {}. What the kernel did "
      "holds all the same.",
      fmt::join(reasons, "; "));
}

Page facts_text(const analysis::Analysis& analysis) {
  Page out;
  for (const Group& group : analysis.groups) out += '\n' + facts_group(group, analysis.reps);
  return out;
}

Page fact_changes_text(const std::vector<FactChange>& changes) {
  if (changes.empty()) return {};
  constexpr std::size_t kLeast = 14;
  Table table;
  table.columns = {{"fact that differs", Align::left, kLeast},
                   {"mode", Align::left, kLeast},
                   {"at", Align::left, kLeast},
                   {"A", Align::left, kLeast},
                   {"B", Align::left, kLeast}};
  for (const FactChange& each : changes) {
    table.rows.push_back({{each.fact, each.variant, each.title, each.a.empty() ? kNone : each.a,
                           each.b.empty() ? kNone : each.b},
                          ""});
  }
  return Page(std::move(table));
}

}  // namespace ub::report
