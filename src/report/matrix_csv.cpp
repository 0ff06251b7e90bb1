// Several studies side by side as CSV: one row for each cell of the matrix, with the part that it
// is of.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "matrix_words.hpp"
#include "renders.hpp"

namespace ub::report {
namespace {

using analysis::Matrix;

constexpr std::array kColumns = {"part",  "study", "title", "variant", "name",
                                 "value", "low",   "high",  "state",   "explanation"};

struct CsvCell {
  std::string part;
  std::size_t study = 0;
  std::string title = {};
  std::string variant = {};
  std::string name = {};
  std::string value = {};
  std::string low = {};
  std::string high = {};
  std::string state = {};
  std::string explanation = {};
};

std::string line_of(const Matrix& matrix, const CsvCell& cell) {
  std::vector<std::string> fields = {cell.part,  matrix.studies[cell.study].name,
                                     cell.title, cell.variant,
                                     cell.name,  cell.value,
                                     cell.low,   cell.high,
                                     cell.state, cell.explanation};
  for (std::string& field : fields) field = csv_field(field);
  return fmt::format("{}\n", fmt::join(fields, ","));
}

void add_interval(CsvCell& cell, const std::optional<stats::Interval>& interval) {
  if (!interval) return;
  cell.value = fmt::format("{}", interval->value);
  cell.low = fmt::format("{}", interval->low);
  cell.high = fmt::format("{}", interval->high);
}

std::string studies(const Matrix& matrix) {
  std::string out;
  for (std::size_t i = 0; i < matrix.studies.size(); ++i) {
    const analysis::MatrixStudy& each = matrix.studies[i];
    out += line_of(matrix, {.part = "study",
                            .study = i,
                            .name = each.kernel,
                            .value = fmt::format("{}", each.in_common),
                            .state = each.facts_only.empty() ? "speed" : "facts only",
                            .explanation = fmt::format("{}", fmt::join(each.apart, "; "))});
  }
  return out;
}

std::string winners(const Matrix& matrix) {
  std::string out;
  for (const analysis::MatrixPlace& place : matrix.places) {
    for (std::size_t i = 0; i < place.studies.size(); ++i) {
      const analysis::MatrixWinner& winner = place.studies[i];
      CsvCell cell{.part = "winner", .study = i, .title = place.title};
      if (winner.unknown.empty()) {
        cell.variant = fmt::format("{}", fmt::join(winner.leaders, "; "));
        cell.name = winner.baseline;
        cell.state = winner.resolved() ? "resolved" : "not resolved";
        add_interval(cell, winner.over_baseline);
      } else {
        cell.state = "unavailable";
        cell.explanation = winner.unknown;
      }
      out += line_of(matrix, cell);
    }
  }
  return out;
}

std::string thresholds(const Matrix& matrix) {
  std::string out;
  for (const analysis::MatrixThreshold& each : matrix.thresholds) {
    for (std::size_t i = 0; i < each.studies.size(); ++i) {
      CsvCell cell{.part = "threshold",
                   .study = i,
                   .title = each.title,
                   .variant = each.a + " / " + each.b,
                   .name = std::string(analysis::to_text(each.objective))};
      if (!each.studies[i]) {
        out += line_of(matrix, (cell.state = "unavailable", cell));
        continue;
      }
      cell.state = analysis::to_text(each.studies[i]->outcome);
      if (each.studies[i]->crossings.empty()) out += line_of(matrix, cell);
      for (const stats::Crossing& crossing : each.studies[i]->crossings) {
        add_interval(cell, crossing.size_bytes);
        out += line_of(matrix, cell);
      }
    }
  }
  return out;
}

std::string facts(const Matrix& matrix) {
  std::string out;
  for (const analysis::MatrixFacts& each : matrix.facts) {
    for (std::size_t i = 0; i < each.studies.size(); ++i) {
      if (!each.studies[i]) continue;
      const analysis::CaseFacts& found = *each.studies[i];
      CsvCell cell{.part = "facts",
                   .study = i,
                   .title = each.title,
                   .variant = each.variant,
                   .name = "copied",
                   .value = analysis::copies_text(found),
                   .state = found.status,
                   .explanation = found.reason};
      out += line_of(matrix, cell);
      for (std::size_t k = 0; k < found.numbers.size(); ++k) {
        if (!found.numbers[k]) continue;
        cell.name = analysis::number_facts()[k].key;
        cell.value = fmt::format("{}", found.numbers[k]->median);
        cell.low = fmt::format("{}", found.numbers[k]->min);
        cell.high = fmt::format("{}", found.numbers[k]->max);
        out += line_of(matrix, cell);
      }
    }
  }
  return out;
}

std::string differences(const Matrix& matrix) {
  std::string out;
  for (const analysis::MatrixFeature& each : matrix.features) {
    for (std::size_t i = 0; i < each.studies.size(); ++i) {
      out += line_of(matrix, {.part = "feature",
                              .study = i,
                              .name = each.name,
                              .value = each.studies[i] ? "yes" : "no"});
    }
  }
  for (const analysis::MatrixSetting& each : matrix.settings) {
    for (std::size_t i = 0; i < each.studies.size(); ++i) {
      out += line_of(matrix,
                     {.part = "setting", .study = i, .name = each.name, .value = each.studies[i]});
    }
  }
  for (const analysis::MatrixChange& each : matrix.changes) {
    out += line_of(matrix, {.part = "change",
                            .study = each.study,
                            .title = each.change.title,
                            .variant = each.change.variant,
                            .name = each.change.fact,
                            .value = each.change.b,
                            .state = "first: " + each.change.a,
                            .explanation = explanation_of(each)});
  }
  for (const analysis::MatrixSpeedChange& each : matrix.speed_changes) {
    CsvCell cell{.part = "speed change",
                 .study = each.study,
                 .title = each.compared.title,
                 .variant = each.compared.mode,
                 .name = "message_rate_over_first",
                 .state = std::string(stats::to_text(each.compared.result.verdict))};
    add_interval(cell, each.compared.result.ratio);
    out += line_of(matrix, cell);
  }
  return out;
}

}  // namespace

Page matrix_csv(const Matrix& matrix, const Look& /*look*/) {
  return fmt::format("{}\n", fmt::join(kColumns, ",")) + studies(matrix) + winners(matrix) +
         thresholds(matrix) + facts(matrix) + differences(matrix);
}

}  // namespace ub::report
