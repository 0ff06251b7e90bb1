// Several studies side by side: the words and the page.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/studies.hpp"
#include "uringbench/report/format.hpp"

namespace ub::report {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

analysis::StudyData on_kernel(const std::string& release) {
  analysis::StudyData study = test::study_of(test::crossing_samples(8));
  study.environment.facts["kernel"] = "Linux " + release + " x86_64";
  return study;
}

std::string matrix_in(const char* format, const std::vector<analysis::MatrixInput>& inputs) {
  return format_named(format, Input::matrix).matrix(analysis::matrix_of(inputs), {}).text();
}

TEST(MatrixReport, NamesWinnersAndThresholdsOfEveryStudy) {
  const analysis::StudyData a = on_kernel("6.1.0");
  const analysis::StudyData b = on_kernel("6.12.0");
  const std::string text = matrix_in("text", {{"old", &a}, {"new", &b}});
  EXPECT_THAT(text, AllOf(HasSubstr("A: old, Linux 6.1.0"), HasSubstr("B: new, Linux 6.12.0"),
                          HasSubstr("uring-fixed"), HasSubstr("overtakes"),
                          HasSubstr("joined notifications of SEND_ZC")));
  EXPECT_THAT(text, Not(HasSubstr("FACTS ONLY")));
  EXPECT_THAT(matrix_in("csv", {{"old", &a}, {"new", &b}}),
              AllOf(HasSubstr("part,study,title,"), HasSubstr("winner,old,"),
                    HasSubstr("threshold,new,"), HasSubstr("feature,old,")));
  EXPECT_THAT(matrix_in("json", {{"old", &a}, {"new", &b}}), HasSubstr("\"record\": \"matrix\""));
}

TEST(MatrixReport, SaysFactsOnlyWhereNoStudyHasSpeeds) {
  analysis::StudyData a = on_kernel("6.1.0");
  a.environment.facts["hypervisor"] = "emulation (QEMU TCG)";
  const std::string text = matrix_in("text", {{"a", &a}, {"b", &a}});
  EXPECT_THAT(text, AllOf(HasSubstr("FACTS ONLY"), Not(HasSubstr("overtakes"))));
}

TEST(MatrixReport, TitlesTellTheGroupsOfAllStudiesApart) {
  const analysis::StudyData a = on_kernel("6.1.0");
  analysis::StudyData b = a;
  for (PlannedCase& planned : b.plan.cases) planned.the_case.nodelay = Switch::on;
  for (Sample& sample : b.samples) sample.the_case.nodelay = Switch::on;
  EXPECT_THAT(matrix_in("text", {{"a", &a}, {"b", &b}}),
              AllOf(HasSubstr("nodelay off"), HasSubstr("nodelay on"), HasSubstr("0 of ")));
  EXPECT_THAT(matrix_in("text", {{"a", &a}, {"b", &a}}), Not(HasSubstr("nodelay")));
}

TEST(MatrixReport, ThePageIsStaticAndHostileNamesStayText) {
  for (const Format& format : formats()) {
    if (format.name == "html" && !format.unavailable.empty()) GTEST_SKIP() << format.unavailable;
  }
  const analysis::StudyData a = on_kernel("6.1.0");
  const std::string page =
      matrix_in("html", {{"</title><script>alert(1)</script>", &a}, {"\"b\" & c", &a}});
  EXPECT_THAT(page, AllOf(HasSubstr("id=grid"), HasSubstr("class=strip"),
                          HasSubstr("&lt;script&gt;alert(1)"), HasSubstr("&quot;b&quot; &amp; c"),
                          HasSubstr("nothing is shown to differ in &quot;b&quot;")));
  EXPECT_THAT(page, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("style=\""))));
}

}  // namespace
}  // namespace ub::report
