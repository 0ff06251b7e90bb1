// What CI systems and monitoring read: junit, openmetrics, github-action-benchmark.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/property_tree/xml_parser.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "rendered.hpp"
#include "renders.hpp"

namespace ub::report {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Xml = boost::property_tree::ptree;

Xml parsed(const std::string& text) {
  std::istringstream in(text);
  Xml xml;
  boost::property_tree::read_xml(in, xml);
  return xml;
}

std::size_t attribute(const Xml& xml, const std::string& name) {
  return xml.get<std::size_t>("testsuites.testsuite.<xmlattr>." + name);
}

/// Cases that have a child of that name.
std::size_t cases_with(const Xml& xml, const std::string& child) {
  std::size_t number = 0;
  for (const auto& [name, element] : xml.get_child("testsuites.testsuite")) {
    if (name == "testcase") number += element.count(child);
  }
  return number;
}

/// gather 30 % faster, epoll 30 % slower, no uring: of two pairs that differ by nothing else.
analysis::StudyComparison comparison_of_pairs() {
  const auto a = study_of(verdict_samples(10));
  auto samples = verdict_samples(10);
  for (Sample& sample : samples) {
    const bool epoll = sample.the_case.engine == EngineKind::epoll;
    sample.message_rate *= sample.the_case.path == "gather" ? 1.3 : epoll ? 0.7 : 1.0;
  }
  std::erase_if(samples,
                [](const Sample& sample) { return sample.the_case.engine == EngineKind::uring; });
  const auto b = study_of(samples);
  return analysis::compare_studies({{&a, &b}, {&a, &b}});
}

std::string compared(const std::string& format, const analysis::StudyComparison& comparison) {
  return format_named(format, Input::comparison).comparison(comparison).text();
}

TEST(Junit, Golden) {
  const auto samples = comparison_samples();
  expect_golden("junit.xml", rendered("junit", plan_for(samples, 3), samples));
}

TEST(Junit, GoldenOfAComparison) {
  expect_golden("junit_compare.xml", compared("junit", comparison_of_pairs()));
}

TEST(Junit, TheNumbersAreThoseOfTheCases) {
  const auto samples = comparison_samples();
  for (const std::string& text : {rendered("junit", plan_for(samples, 3), samples),
                                  compared("junit", comparison_of_pairs())}) {
    const Xml xml = parsed(text);
    EXPECT_EQ(attribute(xml, "failures"), cases_with(xml, "failure"));
    EXPECT_EQ(attribute(xml, "errors"), cases_with(xml, "error"));
    EXPECT_EQ(attribute(xml, "skipped"), cases_with(xml, "skipped"));
    EXPECT_GT(cases_with(xml, "failure"), 0U);
    EXPECT_EQ(attribute(xml, "tests"), xml.get_child("testsuites.testsuite").count("testcase"));
  }
}

TEST(Junit, OnePairNeverFails) {
  const auto a = study_of(verdict_samples(10));
  const auto b = study_of(scaled_samples(verdict_samples(10), 0.5));
  const std::string text = compared("junit", analysis::compare_studies({{&a, &b}}));
  EXPECT_EQ(attribute(parsed(text), "failures"), 0U);
  EXPECT_THAT(text, HasSubstr("not clear, of one pair of studies"));
}

TEST(Junit, NothingToCompareIsAnError) {
  const analysis::StudyData none;
  EXPECT_EQ(
      attribute(parsed(compared("junit", analysis::compare_studies({{&none, &none}}))), "errors"),
      1U);
}

TEST(Junit, AnyReasonMakesSoundXml) {
  Sample sample = failed_sample(case_of(EngineKind::epoll, "two-copy", Family::two_copy, 4096),
                                Status::failed, "\x01 <a & \"b\"> \xff \n end");
  const std::string text = rendered("junit", plan_for({sample}), {sample});
  EXPECT_THAT(
      parsed(text).get<std::string>("testsuites.testsuite.testcase.failure.<xmlattr>.message"),
      HasSubstr("<a & \"b\"> \xEF\xBF\xBD   end"));
  EXPECT_THAT(text, Not(HasSubstr("\x01")));
}

/// Without the conditions but size and clients: a new factor changes nothing here.
std::string few_labels(const std::string& text) {
  static const std::regex others(R"re(,(?!size_bytes|clients|statistic|batch)\w+="[^"]*")re");
  std::string few;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const bool of_row = line.find("{variant=") != std::string::npos;
    few += (of_row ? std::regex_replace(line, others, "") : line) + '\n';
  }
  return few;
}

TEST(OpenMetrics, Golden) {
  const auto samples = comparison_samples();
  expect_golden("openmetrics.txt",
                few_labels(rendered("openmetrics", plan_for(samples, 3), samples)));
}

TEST(OpenMetrics, GoldenOfAComparison) {
  expect_golden("openmetrics_compare.txt", compared("openmetrics", comparison_of_pairs()));
}

TEST(OpenMetrics, NoSeriesStandsTwice) {
  const auto samples = crossing_samples(3);
  std::istringstream lines(rendered("openmetrics", plan_for(samples, 3), samples));
  std::set<std::string> seen;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_TRUE(seen.insert(line.substr(0, line.rfind(' '))).second || line[0] == '#') << line;
  }
  EXPECT_GT(seen.size(), 20U);
}

TEST(OpenMetrics, ALabelIsEscaped) {
  auto study = study_of(verdict_samples(2));
  study.environment.facts = {{"cpu model", "a \"b\" \\ c\nd"}};
  const std::string text =
      format_named("openmetrics", Input::study).study(study, analysis::analyse(study), {}).text();
  EXPECT_THAT(text, HasSubstr(R"(cpu_model="a \"b\" \\ c\nd")"));
  EXPECT_THAT(text, EndsWith("# EOF\n"));
}

TEST(GithubActionBenchmark, Golden) {
  const auto samples = comparison_samples();
  expect_golden("github_action_benchmark.json",
                rendered("github-action-benchmark", plan_for(samples, 3), samples));
}

TEST(GithubActionBenchmark, WithoutAValidSampleThereIsNoList) {
  const Sample sample = failed_sample(
      case_of(EngineKind::epoll, "two-copy", Family::two_copy, 4096), Status::failed, "it broke");
  EXPECT_THAT(rendered("github-action-benchmark", plan_for({sample}), {sample}), IsEmpty());
}

}  // namespace
}  // namespace ub::report
