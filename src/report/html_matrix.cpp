// The page of several studies: grid, strip of thresholds, what differs. Static, so that it reads
// the same everywhere and needs no script.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "html_parts.hpp"
#include "matrix_words.hpp"
#include "uringbench/base/build.hpp"
#include "writing.hpp"

namespace ub::report::html {
namespace {

using analysis::Matrix;
using analysis::MatrixStudy;
using analysis::MatrixThreshold;

std::vector<TableColumn> columns_of(std::vector<TableColumn> first, const Matrix& matrix) {
  for (const MatrixStudy& each : matrix.studies) first.push_back({each.name});
  return first;
}

std::string section(std::string_view id, std::string_view title, std::string_view lead,
                    const std::string& body) {
  return fmt::format("<section id={}>\n<h2>{}</h2>\n{}{}</section>\n", id, escaped(title),
                     paragraph_of("lead", lead), body);
}

std::string studies(const Matrix& matrix) {
  std::vector<std::vector<std::string>> rows;
  for (const MatrixStudy& each : matrix.studies) {
    std::vector<std::string> why = each.apart;
    if (why.empty()) why = each.facts_only;
    rows.push_back({each.name, each.kernel, each.cpu_model,
                    fmt::format("{} of {}", each.in_common, each.cases),
                    each.facts_only.empty() ? "speed and facts" : "facts only",
                    fmt::format("{}", fmt::join(why, "; "))});
  }
  return section("studies", "Studies", "The first is what the others are held against.",
                 table("study-table",
                       {{"study"},
                        {"kernel"},
                        {"CPU"},
                        {"cases in common"},
                        {"compared by"},
                        {"what cannot be compared"}},
                       rows));
}

/// A cell of the grid: its class says whether it is resolved, not resolved or unknown.
std::string grid_cell(const analysis::MatrixWinner& winner) {
  const char* style = !winner.unknown.empty() ? "grey" : winner.resolved() ? "resolved" : "open";
  return fmt::format("<td class=\"cell {}\">{}</td>", style, escaped(winner_text(winner)));
}

std::string grid(const Matrix& matrix) {
  std::string out = "<div class=scroll><table id=grid><thead><tr><th scope=col>at</th>";
  for (const MatrixStudy& each : matrix.studies) {
    out += fmt::format("<th scope=col>{}</th>", escaped(each.name));
  }
  out += "</tr></thead><tbody>\n";
  for (const analysis::MatrixPlace& place : matrix.places) {
    const std::string title = place_title(place.title, place.size_bytes);
    out += fmt::format(
        "<tr><th scope=row>{}</th>",
        escaped(place.batch == 1 ? title : fmt::format("{}, batch {}", title, place.batch)));
    for (const auto& winner : place.studies) out += grid_cell(winner);
    out += "</tr>\n";
  }
  return section(
      "winners", "The fastest way",
      "By messages per second, or at a fixed arrival rate by the lowest p99, with the ratio "
      "to the baseline on that machine (=: it is the baseline). Grey: why there is none.",
      out + "</tbody></table></div>\n");
}

/// The strip of one threshold: sizes along, a line for each study.
class Strip {
 public:
  explicit Strip(const MatrixThreshold& threshold) : threshold_(threshold) {
    for (const auto& study : threshold.studies) {
      if (!study) continue;
      for (const stats::Crossing& each : study->crossings) {
        low_ = std::min(low_, bounded(each.size_bytes.low));
        high_ = std::max(high_, bounded(each.size_bytes.high));
      }
    }
    low_ = std::exp2(std::floor(std::log2(low_)) - 1);
    high_ = std::exp2(std::ceil(std::log2(high_)) + 1);
  }

  [[nodiscard]] std::string draw(const Matrix& matrix) const {
    const std::size_t rows = threshold_.studies.size();
    const double height = kTop + kRow * static_cast<double>(rows);
    std::string out = fmt::format(
        "<svg class=strip role=img viewBox=\"0 0 {} {}\" width=\"100%\" aria-label=\"{}\">\n",
        kWidth, height, escaped(fmt::format("{} to {}", threshold_.a, threshold_.b)));
    out += ticks(height);
    for (std::size_t i = 0; i < rows; ++i) out += row(matrix.studies[i].name, i);
    return out + "</svg>\n";
  }

 private:
  static constexpr double kWidth = 900;
  static constexpr double kLeft = 190;
  static constexpr double kTop = 26;
  static constexpr double kRow = 26;

  /// An interval may reach to 0 or beyond all sizes.
  static double bounded(double size_bytes) {
    constexpr double kLeast = 1;
    constexpr double kMost = 1ULL << 30U;
    return std::isfinite(size_bytes) ? std::clamp(size_bytes, kLeast, kMost) : kMost;
  }

  [[nodiscard]] double x_of(double size_bytes) const {
    const double share =
        std::log2(std::clamp(bounded(size_bytes), low_, high_) / low_) / std::log2(high_ / low_);
    return kLeft + share * (kWidth - kLeft - 40);
  }

  [[nodiscard]] std::string ticks(double height) const {
    std::string out;
    const int every = std::log2(high_ / low_) > 8 ? 2 : 1;
    const int last = std::ilogb(high_);
    for (int power = std::ilogb(low_); power <= last; power += every) {
      const double size = std::exp2(power);
      out += fmt::format(
          "<line class=tick x1={0:.1f} x2={0:.1f} y1={1} y2={2}></line>"
          "<text class=tick-label x={0:.1f} y=16 text-anchor=middle>{3}</text>\n",
          x_of(size), kTop - 4, height, size_label(static_cast<std::uint64_t>(size)));
    }
    return out;
  }

  [[nodiscard]] std::string row(const std::string& name, std::size_t number) const {
    const double y = kTop + kRow * (static_cast<double>(number) + 0.5);
    std::string out =
        fmt::format("<text class=row-label x=0 y={:.1f}>{}</text>", y + 4, escaped(name));
    const auto& study = threshold_.studies[number];
    if (!study || study->crossings.empty()) {
      return out + fmt::format("<text class=none x={} y={:.1f}>{}</text>\n", kLeft, y + 4,
                               escaped(study ? crossing_cell(study) : "not measured"));
    }
    for (const stats::Crossing& each : study->crossings) {
      const stats::Interval& at = each.size_bytes;
      out += fmt::format(
          "<g class=crossing><title>{}</title>"
          "<line class=interval x1={:.1f} x2={:.1f} y1={:.1f} y2={:.1f}></line>"
          "<circle cx={:.1f} cy={:.1f} r=4.5></circle></g>\n",
          escaped(crossing_cell(study)), x_of(at.low), x_of(at.high), y, y, x_of(at.value), y);
    }
    return out;
  }

  const MatrixThreshold& threshold_;
  double low_ = 1ULL << 30U;
  double high_ = 1;
};

std::string thresholds(const Matrix& matrix) {
  std::string body;
  std::vector<std::vector<std::string>> rows;
  for (const MatrixThreshold& each : matrix.thresholds) {
    body += fmt::format("<h3>{}</h3>\n", escaped(fmt::format("{} to {}, by {}, {}", each.a, each.b,
                                                             to_text(each.objective), each.title)));
    body += Strip(each).draw(matrix);
    std::vector<std::string> cells = {each.a, each.b, std::string(to_text(each.objective)),
                                      each.title};
    for (const auto& study : each.studies) cells.push_back(crossing_cell(study));
    rows.push_back(std::move(cells));
  }
  if (rows.empty()) {
    body = nothing(
        "No way overtakes another in any of these studies, or none has speeds and sizes "
        "enough.",
        "bench/sweep.sh crossover");
  } else {
    body += table("threshold-table", columns_of({{"from"}, {"to"}, {"by"}, {"at"}}, matrix), rows);
  }
  return section("thresholds", "From which size one way overtakes another",
                 "A dot with its interval, a line for each study.", body);
}

std::string facts(const Matrix& matrix) {
  std::vector<std::vector<std::string>> rows;
  for (const analysis::MatrixFacts& each : matrix.facts) {
    if (all_alike(each)) continue;
    std::vector<std::string> cells = {each.variant, each.title};
    for (const auto& study : each.studies) cells.push_back(facts_cell(study));
    rows.push_back(std::move(cells));
  }
  const std::size_t alike = matrix.facts.size() - rows.size();
  std::string body = paragraph_of("lead", fmt::format("{} of {} cases are alike in all studies "
                                                      "that have them.",
                                                      alike, matrix.facts.size()));
  if (!rows.empty()) {
    body += table("fact-table", columns_of({{"mode"}, {"at"}}, matrix), rows);
  }
  return section("facts", "Available, real or copied", "", body);
}

std::string changes(const Matrix& matrix) {
  std::vector<std::vector<std::string>> rows;
  for (const analysis::MatrixChange& each : matrix.changes) {
    rows.push_back({matrix.studies[each.study].name, each.change.variant, each.change.title,
                    each.change.fact, each.change.a, each.change.b, explanation_of(each)});
  }
  for (const analysis::MatrixSpeedChange& each : matrix.speed_changes) {
    std::vector<std::string> causes;
    for (const analysis::CategoryDifference& cause : each.causes) {
      causes.push_back(
          fmt::format("{} {:+.0f} ns/msg", label(cause.category), cause.difference.ns));
    }
    const auto& ratio = each.compared.result.ratio;
    rows.push_back({matrix.studies[each.study].name, each.compared.mode, each.compared.title,
                    "rate, beyond the noise of both", "1", ratio ? ratio_text(*ratio) : kNone,
                    causes.empty() ? "not profiled" : fmt::format("{}", fmt::join(causes, "; "))});
  }
  std::string body = rows.empty() ? nothing("Nothing differs that is beyond chance.", "")
                                  : table("change-table",
                                          {{"study"},
                                           {"mode"},
                                           {"at"},
                                           {"what"},
                                           {"first study"},
                                           {"here"},
                                           {"explained by"}},
                                          rows);
  return section("changes", "What changed against the first study", "", body);
}

std::string features(const Matrix& matrix) {
  std::vector<std::vector<std::string>> rows;
  for (const analysis::MatrixFeature& each : matrix.features) {
    const KernelFeature* known = each.known;
    std::vector<std::string> cells = {each.name,
                                      known == nullptr ? kNone : std::string(known->since),
                                      known == nullptr ? "" : std::string(known->changes),
                                      known == nullptr ? "" : std::string(known->evidence)};
    for (const bool has : each.studies) cells.emplace_back(has ? "yes" : "no");
    rows.push_back(std::move(cells));
  }
  std::string body;
  if (!rows.empty()) {
    body += table("feature-table",
                  columns_of({{"feature"}, {"since"}, {"what it changes"}, {"evidence"}}, matrix),
                  rows);
  }
  rows.clear();
  for (const analysis::MatrixSetting& each : matrix.settings) {
    std::vector<std::string> cells = {each.name};
    cells.insert(cells.end(), each.studies.begin(), each.studies.end());
    rows.push_back(std::move(cells));
  }
  if (!rows.empty()) body += table("setting-table", columns_of({{"setting"}}, matrix), rows);
  if (body.empty()) body = nothing("The kernels offer the same and are set alike.", "");
  return section("environments", "What differs between the environments", "", body);
}

}  // namespace

std::string matrix_title(const Matrix& matrix) {
  std::vector<std::string> names;
  names.reserve(matrix.studies.size());
  for (const MatrixStudy& each : matrix.studies) names.push_back(each.name);
  return fmt::format("{} studies side by side: {}", names.size(), fmt::join(names, ", "));
}

std::string matrix_sentence(const Matrix& matrix) {
  const std::string& first = matrix.studies.front().name;
  std::vector<std::string> parts;
  for (std::size_t i = 1; i < matrix.studies.size(); ++i) {
    const MatrixStudy& study = matrix.studies[i];
    const auto of_study = [&](const auto& change) { return change.study == i; };
    const auto facts = std::count_if(matrix.changes.begin(), matrix.changes.end(), of_study);
    const auto speeds =
        std::count_if(matrix.speed_changes.begin(), matrix.speed_changes.end(), of_study);
    if (study.in_common == 0) {
      parts.push_back(fmt::format("{} has no case in common with it", study.name));
    } else if (facts == 0 && speeds == 0) {
      parts.push_back(fmt::format("nothing is shown to differ in {}", study.name));
    } else {
      parts.push_back(fmt::format("{} fact{} and {} rate{} differ in {}", facts,
                                  facts == 1 ? "" : "s", speeds, speeds == 1 ? "" : "s",
                                  study.name));
    }
  }
  if (parts.empty()) return matrix_title(matrix) + ".";
  return fmt::format("Against {}: {}.", first, fmt::join(parts, "; "));
}

std::string matrix_body(const Matrix& matrix, const Look& look) {
  std::string page =
      "<body class=matrix>\n<header id=top>\n<nav aria-label=Sections><b>uringbench</b>"
      "<a href=\"#studies\">Studies</a><a href=\"#winners\">Winners</a>"
      "<a href=\"#thresholds\">Thresholds</a><a href=\"#facts\">Facts</a>"
      "<a href=\"#changes\">Changes</a><a href=\"#environments\">Environments</a></nav>\n"
      "</header>\n<main>\n";
  page += fmt::format("<h1>{}</h1>\n", escaped(matrix_sentence(matrix)));
  page += paragraph_of("warning", look.build_warning);
  const bool speeds = std::any_of(matrix.studies.begin(), matrix.studies.end(),
                                  [](const MatrixStudy& each) { return each.facts_only.empty(); });
  if (!speeds) {
    page += paragraph_of("warning",
                         "Facts only: in no study do times mean anything, so no way is called "
                         "faster.");
  }
  page += studies(matrix);
  page += grid(matrix);
  page += thresholds(matrix);
  page += facts(matrix);
  page += changes(matrix);
  page += features(matrix);
  return page + "</main>\n</body>\n</html>\n";
}

}  // namespace ub::report::html
