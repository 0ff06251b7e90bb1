#include "matrix.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_set>

#include "uringbench/base/check.hpp"
#include "uringbench/model/factor.hpp"

namespace ub::analysis {
namespace {

using Cases = std::unordered_set<Case, CaseHash>;

Cases cases_of_plan(const MatrixPart& part) {
  Cases cases;
  for (const Group& group : part.analysis.groups) {
    for (const Row& row : group.rows) cases.insert(with_default_settings(row.the_case));
  }
  return cases;
}

std::string fact_of(const MatrixPart& part, const std::string& name) {
  const Facts& facts = facts_of_server(part.study->environment);
  const auto found = facts.find(name);
  return found == facts.end() ? "" : found->second;
}

/// Why speeds of the two are not set against each other.
std::vector<std::string> why_apart(const MatrixPart& first, const MatrixPart& part,
                                   const MatrixStudy& study) {
  std::vector<std::string> reasons;
  if (study.in_common == 0) reasons.emplace_back("no case in common with the first study");
  if (!study.facts_only.empty()) {
    reasons.push_back(fmt::format("facts only: {}", fmt::join(study.facts_only, "; ")));
  } else if (!first.analysis.facts_only.empty()) {
    reasons.emplace_back("facts only: the first study has no speeds");
  }
  for (const char* name : {"cpu_model", "hypervisor"}) {
    const std::string a = fact_of(first, name);
    const std::string b = fact_of(part, name);
    if (a == b || a.empty() || b.empty()) continue;
    reasons.push_back(
        fmt::format("another machine ({}: {}): only ratios within each are compared", name, b));
  }
  const std::string build = fact_of(part, "build_warning");
  if (!build.empty()) reasons.push_back(build);
  if (fact_of(first, "program") != fact_of(part, "program")) {
    reasons.push_back(fmt::format("another version of the program ({})", fact_of(part, "program")));
  }
  return reasons;
}

MatrixStudy describe(const MatrixPart& first, const Cases& firsts, const MatrixPart& part) {
  MatrixStudy study;
  study.name = part.name;
  study.kernel = release_of(part.study->environment);
  study.cpu_model = fact_of(part, "cpu_model");
  study.facts_only = part.analysis.facts_only;
  const Cases mine = cases_of_plan(part);
  study.cases = mine.size();
  study.in_common = static_cast<std::size_t>(std::count_if(
      mine.begin(), mine.end(), [&](const Case& each) { return firsts.contains(each); }));
  if (&first != &part) study.apart = why_apart(first, part, study);
  return study;
}

}  // namespace

std::string release_of(const Environment& environment) {
  const Facts& facts = facts_of_server(environment);
  const auto found = facts.find("kernel");
  if (found == facts.end()) return "";
  const std::string& text = found->second;  // "Linux 6.1.0-53-amd64 x86_64"
  const std::size_t begin = text.find(' ');
  if (begin == std::string::npos) return "";
  return text.substr(begin + 1, text.find(' ', begin + 1) - begin - 1);
}

namespace {

/// Titles that tell the groups of all studies apart, not those of one. Settings are no part of
/// them: studies with other windows have their places in common.
void retitle(std::vector<MatrixPart>& parts) {
  std::vector<Case> cases;
  for (const MatrixPart& part : parts) {
    for (const Group& group : part.analysis.groups) {
      cases.push_back(with_default_settings(group.rows.front().the_case));
    }
  }
  std::vector<const Case*> pointers;
  pointers.reserve(cases.size());
  for (const Case& each : cases) pointers.push_back(&each);
  const Titles titles(pointers);
  for (MatrixPart& part : parts) {
    for (Group& group : part.analysis.groups) {
      group.title = titles.of(with_default_settings(group.rows.front().the_case));
    }
    for (CrossoverGroup& group : part.analysis.crossovers) {
      group.title = titles.of(with_default_settings(group.example), Titles::Size::left_out);
    }
  }
}

}  // namespace

Matrix matrix_of(const std::vector<MatrixInput>& inputs, const std::string& baseline) {
  check(!inputs.empty(), "a matrix is of one study at least");
  std::vector<MatrixPart> parts;
  parts.reserve(inputs.size());
  for (const MatrixInput& input : inputs) {
    parts.push_back({input.name, input.study, analyse(*input.study, baseline)});
  }
  retitle(parts);
  Matrix matrix;
  const Cases firsts = cases_of_plan(parts.front());
  for (const MatrixPart& part : parts) {
    matrix.studies.push_back(describe(parts.front(), firsts, part));
  }
  matrix.places = matrix_places(parts);
  matrix.facts = matrix_facts(parts);
  matrix.thresholds = matrix_thresholds(parts);
  matrix.features = matrix_features(parts);
  matrix.settings = matrix_settings(parts);
  matrix.changes = matrix_changes(parts, matrix.facts);
  matrix.speed_changes = matrix_speed_changes(parts, matrix.studies);
  return matrix;
}

}  // namespace ub::analysis
