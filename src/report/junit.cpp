// The format `junit`: a test case for each case, as CI systems show them. Of a study: failed and
// invalid repetitions are failures, a case that could not be had here is skipped. Of a comparison:
// a case of B that is slower beyond the limit is a failure, one that a study lacks is an error, and
// one that cannot be judged is skipped. Each with its reason.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <sstream>

#include "renders.hpp"
#include "writing.hpp"

namespace ub::report {
namespace {

using analysis::ComparedCase;
using analysis::CompareOutcome;
using analysis::StudyComparison;
using Xml = boost::property_tree::ptree;

/// XML 1.0 has no way to write most control characters, and takes no bytes that are not UTF-8.
std::string printable(const std::string& text) {
  std::string valid = Json::parse(json_line(text)).get<std::string>();
  std::replace_if(
      valid.begin(), valid.end(), [](unsigned char each) { return each < ' '; }, ' ');
  return valid;
}

enum class Outcome { passed, failure, error, skipped };

struct Verdict {
  Outcome outcome = Outcome::passed;
  std::string reason;
};

const char* element_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::failure:
      return "failure";
    case Outcome::error:
      return "error";
    case Outcome::skipped:
      return "skipped";
    case Outcome::passed:
      break;
  }
  return "";
}

/// One <testsuite>. CI systems want to know the numbers before they see the cases.
class Suite {
 public:
  void add(const std::string& name, const Verdict& verdict, const std::string& figures = "") {
    Xml element;
    element.put("<xmlattr>.classname", "uringbench");
    element.put("<xmlattr>.name", printable(name));
    if (verdict.outcome != Outcome::passed) {
      Xml reason;
      reason.put("<xmlattr>.message", printable(verdict.reason));
      element.add_child(element_of(verdict.outcome), reason);
    }
    if (!figures.empty()) element.put("system-out", printable(figures));
    cases_.add_child("testcase", element);
    ++tests_;
    ++of_[static_cast<std::size_t>(verdict.outcome)];
  }

  [[nodiscard]] std::string text(const char* name) const {
    if (tests_ == 0) return "";
    Xml top;
    Xml& suite = top.put("testsuites.testsuite", "");
    suite.put("<xmlattr>.name", name);
    suite.put("<xmlattr>.tests", tests_);
    suite.put("<xmlattr>.failures", number(Outcome::failure));
    suite.put("<xmlattr>.errors", number(Outcome::error));
    suite.put("<xmlattr>.skipped", number(Outcome::skipped));
    for (const auto& [each, element] : cases_) suite.add_child(each, element);
    std::ostringstream out;
    boost::property_tree::write_xml(
        out, top, boost::property_tree::xml_writer_make_settings<std::string>(' ', 2));
    return out.str();
  }

 private:
  [[nodiscard]] std::size_t number(Outcome outcome) const {
    return of_[static_cast<std::size_t>(outcome)];
  }

  Xml cases_;
  std::size_t tests_ = 0;
  std::array<std::size_t, 4> of_{};
};

Verdict verdict_of(const analysis::Row& row) {
  std::string failed;
  std::string unavailable;
  for (const analysis::Failure& failure : row.failures) {
    std::string& text = failure.status == to_text(Status::unavailable) ? unavailable : failed;
    text += fmt::format("{}{} {}: {}", text.empty() ? "" : "; ", failure.count, failure.status,
                        failure.reason);
  }
  if (!failed.empty()) return {Outcome::failure, failed};
  if (row.valid.empty()) return {Outcome::skipped, unavailable};
  return {};
}

Page study(const analysis::StudyData& /*study*/, const analysis::Analysis& analysis,
           const Look& /*look*/) {
  Suite suite;
  for (const analysis::Group& group : analysis.groups) {
    for (const analysis::Row& row : group.rows) {
      std::string figures;
      if (const auto spread = analysis::spread_of(row, analysis::message_rate)) {
        figures = fmt::format("{} messages/s, {} to {}, valid repetitions: {}",
                              short_count(spread->median), short_count(spread->min),
                              short_count(spread->max), spread->count);
      }
      suite.add(row_name(row, group.title), verdict_of(row), figures);
    }
  }
  return suite.text("uringbench");
}

Verdict verdict_of(const StudyComparison& comparison, const ComparedCase& each,
                   const std::string& figures) {
  switch (outcome_of(comparison, each)) {
    case CompareOutcome::slower:
      return {Outcome::failure, "slower by more than the limit and not by chance: " + figures};
    case CompareOutcome::not_slower:
      return {};
    default:
      return {Outcome::skipped, fmt::format("not clear, {}: {}",
                                            comparison.design == analysis::StudyDesign::one_pair
                                                ? "of one pair of studies"
                                                : "more repetitions may tell",
                                            figures)};
  }
}

std::string figures_of(const StudyComparison& comparison, const ComparedCase& each) {
  const std::string by = fmt::format("by {}", to_text(comparison.objective));
  if (!each.result.ratio) return by + ", too few repetitions for an interval";
  return fmt::format("B is {} of A {}, the limit is {}", ratio_text(*each.result.ratio), by,
                     percent(comparison.limit));
}

void add_gaps(Suite& suite, const std::vector<analysis::MissingCase>& cases, Outcome outcome) {
  for (const analysis::MissingCase& missing : cases) {
    std::string reason;
    for (const analysis::Gap& gap : missing.gaps) {
      reason += fmt::format("{}{} {}", reason.empty() ? "" : "; ", gap.study, gap.reason);
    }
    suite.add(missing.name, {outcome, reason});
  }
}

Page comparison_suite(const StudyComparison& comparison) {
  Suite suite;
  for (const ComparedCase& each : comparison.cases) {
    const std::string figures = figures_of(comparison, each);
    suite.add(fmt::format("{}, {}", each.mode, each.title), verdict_of(comparison, each, figures),
              figures);
  }
  add_gaps(suite, comparison.missing, Outcome::error);
  add_gaps(suite, comparison.unavailable, Outcome::skipped);
  if (comparison.cases.empty()) {
    suite.add("comparison", {Outcome::error, "no case has valid samples in all studies"});
  }
  return suite.text("uringbench compare");
}

}  // namespace

Format junit_format() {
  return {.name = "junit",
          .help = "a test case for each case, as CI systems show them",
          .study = study,
          .none = "the study has no case",
          .comparison = comparison_suite};
}

}  // namespace ub::report
