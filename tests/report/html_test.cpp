// The HTML page: its static part, and that text stays text. What a browser makes of it is in
// page_test.py.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "html_text.hpp"
#include "rendered.hpp"
#include "uringbench/base/error.hpp"

namespace ub::report {
namespace {

using testing::HasSubstr;
using testing::Not;

const Format* html_format_here() {
  for (const Format& format : formats()) {
    if (format.name == "html" && format.unavailable.empty()) return &format;
  }
  return nullptr;
}

std::string without(std::string text, const std::string& from, const std::string& to) {
  const auto begin = text.find(from);
  const auto end = begin == std::string::npos ? begin : text.find(to, begin);
  return end == std::string::npos ? text
                                  : text.erase(begin + from.size(), end - begin - from.size());
}

/// Without what is alike in every page: style, scripts, policy, licences and program.
std::string static_part(std::string page) {
  page = without(page, "<meta http-equiv=Content-Security-Policy content=\"", "\">");
  page = without(page, "<meta name=generator content=\"", "\">");
  page = without(page, "<style>", "</style>");
  page = without(page, "<footer>", "</footer>");
  const auto scripts = page.find("<script>");
  return page.substr(0, scripts);
}

class Page : public testing::Test {
 protected:
  void SetUp() override {
    if (html_format_here() == nullptr) GTEST_SKIP() << "this build is without D3 (node-d3)";
  }
};

TEST(HtmlFormat, OfABuildWithoutD3SaysWhatMendsIt) {
  if (html_format_here() != nullptr) {
    EXPECT_NO_THROW(format_named("html", Input::study));
    return;
  }
  try {
    format_named("html", Input::study);
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("node-d3"));
  }
}

TEST_F(Page, DrawsNothingWhereTimesMeanNothing) {
  analysis::StudyData study = study_of(comparison_samples());
  study.environment.facts["hypervisor"] = "emulation (QEMU TCG)";
  const std::string page =
      static_part(html_format_here()->study(study, analysis::analyse(study), {}).text());
  EXPECT_THAT(page, HasSubstr("Times mean nothing on this machine"));
  EXPECT_THAT(page, Not(HasSubstr("class=picture")));
  for (const char* id : {"answer", "throughput", "cpu", "ratios", "why", "latency", "notifications",
                         "trust", "data"}) {
    EXPECT_THAT(page, HasSubstr(std::string("<section id=") + id));
  }
}

TEST_F(Page, Golden) {
  const auto samples = comparison_samples();
  expect_golden("page.html", static_part(rendered("html", plan_for(samples, 3), samples)));
}

TEST_F(Page, HostileTextStaysText) {
  const std::string hostile = "</script><script>alert(1)</script>\"'&\x01\x1b[31m\xff<!--";
  std::vector<Sample> samples = comparison_samples();
  samples.push_back(failed_sample(case_of(EngineKind::uring, "send-zc", Family::zero_copy, 4096),
                                  Status::failed, hostile));
  for (Sample& sample : samples) sample.marks = {hostile};
  const std::string page = rendered("html", plan_for(samples, 3), samples);
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(page, Not(HasSubstr("\x01")));
  EXPECT_THAT(page, Not(HasSubstr("\x1b")));
  EXPECT_THAT(page, Not(HasSubstr("\xff")));
  EXPECT_THAT(page, HasSubstr("&lt;/script&gt;&lt;script&gt;alert(1)"));
}

TEST_F(Page, ItsSizeIsOfItsCasesAndNotOfItsSamples) {
  const auto few = verdict_samples(10);
  const auto many = verdict_samples(200);
  const std::string page = rendered("html", plan_for(few, 10), few);
  const std::string large = rendered("html", plan_for(many, 200), many);
  constexpr std::size_t kPage = 450'000;
  constexpr std::size_t kCase = 1'000;
  EXPECT_LT(page.size(), kPage + 5 * kCase);
  EXPECT_LT(large.size(), page.size() + 5 * kCase);
}

TEST_F(Page, AsksNobodyForAnything) {
  const auto samples = crossing_samples(10);
  const std::string page = static_part(rendered("html", plan_for(samples, 10), samples));
  EXPECT_THAT(page, Not(HasSubstr("src=")));
  EXPECT_THAT(page, Not(HasSubstr("http:")));
  EXPECT_THAT(page, Not(HasSubstr("https:")));
}

TEST(HtmlText, JsonInAScriptCannotEndIt) {
  const std::string text = html::script_json({{"a", "</script>&\xe2\x80\xa8"}});
  EXPECT_EQ(text, R"({"a":"\u003c/script\u003e\u0026\u2028"})");
  EXPECT_EQ(Json::parse(text).at("a"), "</script>&\xe2\x80\xa8");
}

TEST(HtmlText, NumbersAreWhatAPictureCanShow) {
  EXPECT_EQ(html::rounded(1.0 / 3).dump(), "0.33333");
  EXPECT_EQ(html::rounded(64).dump(), "64");
  EXPECT_TRUE(html::rounded(1.0 / 0.0).is_null());
  EXPECT_EQ(html::size_label(4096), "4 KiB");
  EXPECT_EQ(html::size_label(64), "64 B");
}

}  // namespace
}  // namespace ub::report
