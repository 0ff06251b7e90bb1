// The format `openmetrics`: figures as gauges, in the text that Prometheus and its like read from a
// file or a gateway (OpenMetrics 1.0). A figure that could not be had has no line: an absent sample
// is how that text says "unknown".
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "renders.hpp"
#include "uringbench/model/factor.hpp"

namespace ub::report {
namespace {

/// `name="value"`, escaped.
std::string label(std::string_view name, const std::string& value) {
  std::string text = fmt::format("{}=\"", name);
  for (const char each : Json::parse(json_line(value)).get<std::string>()) {
    if (each == '\n') {
      text += "\\n";
      continue;
    }
    if (each == '\\' || each == '"') text += '\\';
    text += each;
  }
  return text + '"';
}

/// A name of a label holds letters, digits and underlines only.
std::string label_name(std::string name) {
  const auto allowed = [](unsigned char each) { return std::isalnum(each) != 0 || each == '_'; };
  std::replace_if(
      name.begin(), name.end(),
      [&](char each) { return !allowed(static_cast<unsigned char>(each)); }, '_');
  return name;
}

/// A number in the unit of its name, or the text that its option takes.
std::string value_text(const Factor& factor, const Case& the_case) {
  Json json;
  factor.to_json(json, the_case);
  const Json& value = json.at(std::string(factor.key));
  return value.is_number() ? value.dump() : factor.print(the_case);
}

/// The variant, its batch, and every condition that the case has a use for.
std::string labels_of(const Case& the_case) {
  std::string labels = label("variant", variant_name(the_case));
  labels += ',' + label("batch", fmt::to_string(the_case.batch));
  for (const Factor& factor : factors()) {
    const bool named = factor.kind == FactorKind::condition && !factor.option.empty();
    if (!named || !factor.idle_reason(the_case).empty()) continue;
    labels += ',' + label(factor.key, value_text(factor, the_case));
  }
  return labels;
}

/// Every family is a gauge, so that the older text of Prometheus, which knows no other type that
/// would fit, is the same.
std::string family_head(std::string_view name, std::string_view help) {
  return fmt::format("# TYPE uringbench_{0} gauge\n# HELP uringbench_{0} {1}\n", name, help);
}

std::string figure_lines(const analysis::NamedMetric& metric, const analysis::Row& row) {
  const auto spread = analysis::spread_of(row, metric.metric);
  if (!spread) return "";
  const std::string labels = labels_of(row.the_case);
  std::string lines;
  for (const auto& [statistic, value] :
       {std::pair{"median", spread->median}, {"min", spread->min}, {"max", spread->max}}) {
    lines += fmt::format("uringbench_{}{{{},statistic=\"{}\"}} {}\n", metric.name, labels,
                         statistic, value);
  }
  return lines;
}

/// One metric of all rows; a family stands together.
std::string family(const analysis::Analysis& analysis, const analysis::NamedMetric& metric) {
  std::string lines;
  for (const analysis::Group& group : analysis.groups) {
    for (const analysis::Row& row : group.rows) lines += figure_lines(metric, row);
  }
  if (lines.empty()) return "";
  return family_head(metric.name, metric.meaning) + lines;
}

std::string study_info(const Environment& environment) {
  std::string labels = label("seed", fmt::to_string(environment.seed));
  for (const auto& [name, value] : all_facts(environment)) {
    labels += ',' + label(label_name(name), value);
  }
  return family_head("study_info", "Machine and program of the study, as labels") +
         fmt::format("uringbench_study_info{{{}}} 1\n", labels);
}

Page study_metrics(const analysis::StudyData& study, const analysis::Analysis& analysis,
                   const Look& /*look*/) {
  std::string text = study_info(study.environment);
  for (const analysis::NamedMetric& metric : analysis::metrics()) text += family(analysis, metric);
  text += family_head("valid_repetitions", "Repetitions of a case that may be quoted");
  for (const analysis::Group& group : analysis.groups) {
    for (const analysis::Row& row : group.rows) {
      text += fmt::format("uringbench_valid_repetitions{{{}}} {}\n", labels_of(row.the_case),
                          row.valid.size());
    }
  }
  return text + "# EOF\n";
}

std::string compared_labels(const analysis::StudyComparison& comparison,
                            const analysis::ComparedCase& each) {
  return label("variant", each.mode) + ',' + label("conditions", each.title) + ',' +
         label("objective", std::string(to_text(comparison.objective)));
}

std::string ratio_lines(const analysis::StudyComparison& comparison) {
  std::string lines;
  for (const analysis::ComparedCase& each : comparison.cases) {
    if (!each.result.ratio) continue;
    const std::string labels = compared_labels(comparison, each);
    for (const auto& [bound, value] : {std::pair{"low", each.result.ratio->low},
                                       {"value", each.result.ratio->value},
                                       {"high", each.result.ratio->high}}) {
      lines +=
          fmt::format("uringbench_compare_ratio{{{},bound=\"{}\"}} {}\n", labels, bound, value);
    }
  }
  return lines.empty() ? ""
                       : family_head("compare_ratio",
                                     "The objective of B over that of A, with its interval") +
                             lines;
}

Page comparison_metrics(const analysis::StudyComparison& comparison) {
  std::string text = ratio_lines(comparison);
  text +=
      family_head("compare_slower",
                  "1: B is slower than A by more than the limit; 0: it is not; absent: not clear");
  for (const analysis::ComparedCase& each : comparison.cases) {
    const auto outcome = outcome_of(comparison, each);
    if (outcome == analysis::CompareOutcome::unclear) continue;
    text += fmt::format("uringbench_compare_slower{{{}}} {}\n", compared_labels(comparison, each),
                        outcome == analysis::CompareOutcome::slower ? 1 : 0);
  }
  return text + "# EOF\n";
}

}  // namespace

Format openmetrics_format() {
  return {.name = "openmetrics",
          .help = "figures as gauges, for Prometheus and its like",
          .study = study_metrics,
          .comparison = comparison_metrics};
}

}  // namespace ub::report
