// Whole studies in the formats that conclude from them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rendered.hpp"
#include "renders.hpp"
#include "writing.hpp"

namespace ub::report {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(Verdicts, TheTableSaysWhatItConcludesAndHow) {
  const auto samples = verdict_samples(10);
  expect_golden("verdicts.txt", table_of(plan_for(samples, 10), samples));
}

TEST(Verdicts, OneRepetitionHasNoVerdict) {
  const auto samples = verdict_samples(1);
  const std::string table = table_of(plan_for(samples, 1), samples);
  EXPECT_THAT(table, Not(HasSubstr("verdict")));
  EXPECT_THAT(table, HasSubstr("msgs/s"));
}

TEST(Crossovers, GoldenText) {
  const auto samples = crossing_samples(10);
  expect_golden("crossovers.txt", table_of(plan_for(samples, 10), samples));
}

TEST(Crossovers, GoldenThresholds) {
  const auto samples = crossing_samples(10);
  Json json = Json::parse(rendered("thresholds", plan_for(samples), samples));
  EXPECT_EQ(json.at("case").at("clients"), 1);
  json.erase("case");  // every factor of the model: a new one changes nothing here
  expect_golden("thresholds.json", json.dump(2) + "\n");
}

TEST(Crossovers, NoGroupsNoText) {
  EXPECT_TRUE(crossover_text({}).empty());
}

TEST(SizeText, ThreeDigits) {
  EXPECT_EQ(size_text(64), "64 B");
  EXPECT_EQ(size_text(15'974.4), "15.6 KiB");
  EXPECT_EQ(size_text(1023.6 * 1024), "999 KiB");
  EXPECT_EQ(size_text(1048576), "1 MiB");
}

TEST(CompareStudies, Golden) {
  auto samples = scaled_samples(verdict_samples(10), 1.0);
  for (Sample& sample : samples) {
    const bool gather = sample.the_case.path == "gather";
    const bool epoll = sample.the_case.engine == EngineKind::epoll;
    const double factor = gather ? 1.3 : epoll ? 0.7 : 1.0;
    sample.message_rate *= factor;
  }
  std::erase_if(samples,
                [](const Sample& sample) { return sample.the_case.engine == EngineKind::uring; });
  auto b = study_of(samples);
  b.environment.facts["kernel"] = "Linux 6.19.1 x86_64";
  const auto a = study_of(verdict_samples(10));
  expect_golden("compare.txt", comparison_text(analysis::compare_studies({{&a, &b}})).text());
  expect_golden("compare_pairs.txt",
                comparison_text(analysis::compare_studies({{&a, &b}, {&a, &b}})).text());
}

}  // namespace
}  // namespace ub::report
