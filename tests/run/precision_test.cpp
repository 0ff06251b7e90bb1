#include "precision.hpp"

#include <gtest/gtest.h>

#include "support/kernels.hpp"
#include "uringbench/plan/builder.hpp"

namespace ub::run {
namespace {

Plan plan_until(double half_width, std::vector<std::string> modes, std::string baseline = "") {
  plan::StudyOptions options = plan::small_study(std::move(modes));
  options.reps = 40;
  options.until = StopRule{half_width, std::move(baseline)};
  return plan::build_plan(options, plan::newest_kernel());
}

/// Every case of the comparison once; each mode differs from block to block by `noise`.
void add_block(Precision& precision, const Plan& plan, std::uint32_t block, double noise) {
  double sign = block % 2 == 0 ? 1 : -1;
  for (const PlannedCase& planned : plan.cases) {
    if (planned.the_case.purpose != Purpose::comparison) continue;
    Sample sample;
    sample.status = Status::valid;
    sample.the_case = planned.the_case;
    sample.block = block;
    sample.message_rate = 1000 * (1 + sign * noise);
    sign = -sign;
    precision.add(sample);
  }
}

/// Blocks until it is reached; 0: not within 40.
std::uint32_t blocks_needed(const Plan& plan, double noise) {
  Precision precision(plan);
  for (std::uint32_t block = 0; block < 40; ++block) {
    add_block(precision, plan, block, noise);
    if (precision.reached(block + 1)) return block + 1;
  }
  return 0;
}

TEST(Precision, NeverEndsBeforeEightBlocks) {
  EXPECT_EQ(blocks_needed(plan_until(0.03, {"pthread", "epoll"}), 0), 8U);
}

TEST(Precision, NoiseKeepsItGoing) {
  EXPECT_EQ(blocks_needed(plan_until(0.03, {"pthread", "epoll"}), 0.2), 0U);
  EXPECT_EQ(blocks_needed(plan_until(0.8, {"pthread", "epoll"}), 0.2), 8U);
}

TEST(Precision, WithoutARuleItIsNeverReached) {
  Plan plan = plan_until(0.03, {"pthread", "epoll"});
  plan.until.reset();
  EXPECT_EQ(blocks_needed(plan, 0), 0U);
}

TEST(Precision, OneModeHasNoRatioToWaitFor) {
  EXPECT_EQ(blocks_needed(plan_until(0.03, {"pthread"}), 0.5), 8U);
}

TEST(Precision, AnEngineWithFactorsOfItsOwnIsHeldAgainstTheBaselineAllTheSame) {
  plan::StudyOptions options = plan::small_study({"pthread", "uring"});
  options.factors["workload"] = {"rr"};  // each engine receives by a path of its own
  options.reps = 40;
  options.until = StopRule{0.03, "pthread-two-copy"};
  const Plan plan = plan::build_plan(options, plan::newest_kernel());
  EXPECT_EQ(blocks_needed(plan, 0.2), 0U) << "it found no pair";
  EXPECT_EQ(blocks_needed(plan, 0), 8U);
}

TEST(Precision, AModeThatNeverGivesASampleIsNotWaitedFor) {
  const Plan plan = plan_until(0.03, {"pthread", "epoll", "uring"});
  Precision precision(plan);
  for (std::uint32_t block = 0; block < 8; ++block) {
    for (const PlannedCase& planned : plan.cases) {
      if (planned.the_case.engine == EngineKind::uring) continue;
      Sample sample;
      sample.status = Status::valid;
      sample.the_case = planned.the_case;
      sample.block = block;
      sample.message_rate = 1000;
      precision.add(sample);
    }
  }
  EXPECT_TRUE(precision.reached(8));
}

}  // namespace
}  // namespace ub::run
