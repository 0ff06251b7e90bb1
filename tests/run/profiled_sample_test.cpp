// A profiled sample of the real program on loopback.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "uringbench/base/affinity.hpp"
#include "uringbench/run/runner.hpp"

namespace ub::run {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Profiled {
  Sample sample;
  std::map<std::string, std::string, std::less<>> stacks;  ///< by role
};

Profiled run_profiled(ProfileScope scope) {
  Case c;
  c.path = "two-copy";
  c.family = Family::two_copy;
  c.size_bytes = 4096;
  c.working_set_bytes = 64 * 4096;
  c.server_cpus = c.client_cpus = format_cpu_list({allowed_cpus().front()});
  c.duration_ns = 300'000'000;
  c.purpose = Purpose::profile;
  const Plan plan{.cases = {{c, ""}}, .reps = 1, .seed = 1};
  Profiled result;
  RunnerOptions options;
  options.program = URINGBENCH_PROGRAM;
  options.profile = scope;
  options.stacks = [&](const Case&, std::string_view role, const std::string& folded) {
    result.stacks[std::string(role)] = folded;
  };
  Runner(std::move(options))
      .run(plan, {.take = [&](const Sample& sample) { result.sample = sample; },
                  .progress = [](const Progress&) {}});
  return result;
}

double sum_of_shares(const RoleProfile& profile) {
  double sum = 0;
  for (const LedgerLine& line : profile.ledger.lines) sum += line.share.value;
  return sum;
}

double share_of(const RoleProfile& profile, Category category) {
  for (const LedgerLine& line : profile.ledger.lines) {
    if (line.category == category) return line.share.value;
  }
  return 0;
}

class ProfiledSample : public testing::TestWithParam<ProfileScope> {};

TEST_P(ProfiledSample, HasALedgerOfEachRoleOrSaysWhyNot) {
  Profiled result = run_profiled(GetParam());
  ASSERT_EQ(result.sample.status, Status::valid) << result.sample.reason;
  EXPECT_THAT(result.sample.marks, Contains("profiled"));
  for (const RoleUsage* usage : {&result.sample.server, &result.sample.client}) {
    ASSERT_TRUE(usage->profile);
    if (const auto* none = std::get_if<Unavailable>(&*usage->profile)) {
      EXPECT_THAT(none->reason, Not(IsEmpty()));
      GTEST_SKIP() << none->reason;
    }
    const auto& profile = std::get<RoleProfile>(*usage->profile);
    EXPECT_EQ(profile.scope, GetParam());
    EXPECT_GT(profile.ledger.samples, 0U);
    EXPECT_NEAR(sum_of_shares(profile), 1, 1e-9);
  }
  const auto& server = std::get<RoleProfile>(*result.sample.server.profile);
  EXPECT_GT(share_of(server, Category::tcp_ip), 0);
  EXPECT_THAT(result.stacks["server"], HasSubstr("tcp_sendmsg_[k]"));
  EXPECT_THAT(result.stacks["client"], HasSubstr("tcp_recvmsg_[k]"));
}

INSTANTIATE_TEST_SUITE_P(Scopes, ProfiledSample,
                         testing::Values(ProfileScope::role, ProfileScope::cpus),
                         [](const auto& scope) { return std::string(to_text(scope.param)); });

TEST(UnprofiledSample, HasNoLedger) {
  const Profiled result = run_profiled(ProfileScope::off);
  EXPECT_FALSE(result.sample.server.profile);
  EXPECT_THAT(result.stacks, IsEmpty());
}

}  // namespace
}  // namespace ub::run
