// Several studies side by side, for people.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "layout.hpp"
#include "matrix_words.hpp"
#include "renders.hpp"
#include "writing.hpp"

namespace ub::report {
namespace {

using analysis::Matrix;
using analysis::MatrixStudy;

constexpr std::size_t kLeast = 12;
constexpr Indent kList{.first = 0, .rest = 4};
constexpr Indent kBelow{.first = 3, .rest = 5};

/// A table with a column for every study.
Table with_studies(std::vector<Column> first, const Matrix& matrix) {
  Table table;
  table.columns = std::move(first);
  for (std::size_t i = 0; i < matrix.studies.size(); ++i) {
    table.columns.push_back({study_letter(i), Align::left, kLeast});
  }
  return table;
}

Page titled(std::string_view title, Table table) {
  if (table.rows.empty()) return {};
  return '\n' + paragraph(title) + Page(std::move(table));
}

Page legend(const Matrix& matrix) {
  Page out;
  for (std::size_t i = 0; i < matrix.studies.size(); ++i) {
    const MatrixStudy& each = matrix.studies[i];
    out += paragraph(
        fmt::format("{}: {}, Linux {}, {}, {} of {} cases in common with A", study_letter(i),
                    each.name, each.kernel, each.cpu_model, each.in_common, each.cases),
        kList);
    if (i == 0 && !each.facts_only.empty()) {
      out += paragraph(fmt::format("facts only: {}", fmt::join(each.facts_only, "; ")), kBelow);
    }
    for (const std::string& reason : each.apart) out += paragraph(reason, kBelow);
  }
  return out;
}

bool any_speed(const Matrix& matrix) {
  return std::any_of(matrix.studies.begin(), matrix.studies.end(),
                     [](const MatrixStudy& each) { return each.facts_only.empty(); });
}

Page winners(const Matrix& matrix) {
  if (!any_speed(matrix)) {
    return '\n' + paragraph(
                      "FACTS ONLY: in no study do times mean anything, so no way is called "
                      "faster.");
  }
  Table table = with_studies({{"fastest at", Align::left, kLeast}}, matrix);
  for (const analysis::MatrixPlace& place : matrix.places) {
    TableRow row;
    row.cells.push_back(place.batch == 1 ? place.title
                                         : fmt::format("{}, batch {}", place.title, place.batch));
    for (const auto& winner : place.studies) row.cells.push_back(winner_text(winner));
    table.rows.push_back(std::move(row));
  }
  return titled(
      "The fastest way, or at a fixed arrival rate that with the lowest p99, with its ratio to the "
      "baseline on that machine (=: it is that)",
      std::move(table));
}

Page thresholds(const Matrix& matrix) {
  Table table = with_studies(
      {{"from", Align::left, kLeast}, {"to", Align::left, kLeast}, {"by, at", Align::left, kLeast}},
      matrix);
  for (const analysis::MatrixThreshold& each : matrix.thresholds) {
    TableRow row{{each.a, each.b, fmt::format("{}, {}", to_text(each.objective), each.title)}, ""};
    for (const auto& found : each.studies) row.cells.push_back(crossing_cell(found));
    table.rows.push_back(std::move(row));
  }
  return titled("Sizes from which one way overtakes another, with their intervals",
                std::move(table));
}

Page facts(const Matrix& matrix) {
  Table table = with_studies({{"mode", Align::left, kLeast}, {"at", Align::left, kLeast}}, matrix);
  std::size_t alike = 0;
  for (const analysis::MatrixFacts& each : matrix.facts) {
    if (all_alike(each)) {
      ++alike;
      continue;
    }
    TableRow row{{each.variant, each.title}, ""};
    for (const auto& study : each.studies) row.cells.push_back(facts_cell(study));
    table.rows.push_back(std::move(row));
  }
  return titled("Available, real or copied: the cases that are not alike", std::move(table)) +
         '\n' +
         paragraph(fmt::format("{} of {} cases are alike in all studies that have them (every "
                               "case: --format json)",
                               alike, matrix.facts.size()));
}

Page features(const Matrix& matrix) {
  Table table = with_studies({{"feature that differs", Align::left, kLeast}, {"since"}}, matrix);
  for (const analysis::MatrixFeature& each : matrix.features) {
    TableRow row{{each.name, each.known == nullptr ? kNone : std::string(each.known->since)}, ""};
    for (const bool has : each.studies) row.cells.emplace_back(has ? "yes" : "no");
    table.rows.push_back(std::move(row));
  }
  return titled("What the kernels offer", std::move(table));
}

Page settings(const Matrix& matrix) {
  Table table = with_studies({{"setting that differs", Align::left, kLeast}}, matrix);
  for (const analysis::MatrixSetting& each : matrix.settings) {
    TableRow row{{each.name}, ""};
    row.cells.insert(row.cells.end(), each.studies.begin(), each.studies.end());
    table.rows.push_back(std::move(row));
  }
  return titled("How the machines are set", std::move(table));
}

Page changes(const Matrix& matrix) {
  if (matrix.studies.size() < 2) return {};
  Page out;
  for (const analysis::MatrixChange& each : matrix.changes) {
    const auto text = [](const std::string& side) { return side.empty() ? "-" : side; };
    out += paragraph(fmt::format("{}: {} at {}: {}: {} -> {}: {}", study_letter(each.study),
                                 each.change.variant, each.change.title, each.change.fact,
                                 text(each.change.a), text(each.change.b), explanation_of(each)),
                     kList);
  }
  for (const analysis::MatrixSpeedChange& each : matrix.speed_changes) {
    const auto& ratio = each.compared.result.ratio;
    out += paragraph(fmt::format("{}: {} at {}: {} times the rate, beyond the noise of both",
                                 study_letter(each.study), each.compared.mode, each.compared.title,
                                 ratio ? ratio_text(*ratio) : kNone),
                     kList);
  }
  const std::string head = "Against A";
  if (out.empty()) return '\n' + paragraph(head + " nothing differs that is beyond chance.");
  return '\n' + paragraph(head + ", by what explains it (docs/kernels.md has the features):") + out;
}

}  // namespace

Page matrix_text(const Matrix& matrix, const Look& look) {
  Page out;
  if (!look.build_warning.empty()) {
    out += paragraph("WARNING: " + look.build_warning).in(Style::warning);
  }
  return out + legend(matrix) + winners(matrix) + thresholds(matrix) + facts(matrix) +
         features(matrix) + settings(matrix) + changes(matrix);
}

}  // namespace ub::report
