#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rendered.hpp"
#include "renders.hpp"

namespace ub::report {
namespace {

using namespace analysis;

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using NsPerMessage = std::map<Category, double>;

/// A ledger whose every line is known to +-10 ns.
RoleProfile profile_of(const NsPerMessage& costs) {
  RoleProfile profile{.scope = ProfileScope::role,
                      .event = "cpu-clock",
                      .event_note = "no PMU",
                      .events_on = "cpus",
                      .frequency_hz = 997,
                      .lost = 1,
                      .throttled = 0,
                      .ledger = {}};
  profile.ledger.samples = 1000;
  for (const Category category : all_categories()) {
    const auto found = costs.find(category);
    const double ns = found == costs.end() ? 0 : found->second;
    profile.ledger.lines.push_back({.category = category,
                                    .samples = 1,
                                    .share = {},
                                    .interrupt_share = 0,
                                    .ns_per_message = Estimate{ns, ns - 10, ns + 10},
                                    .ns_per_byte = std::nullopt});
  }
  return profile;
}

struct Mode {
  Case the_case;
  double gbps = 0;
  NsPerMessage server;
  NsPerMessage client;
};

Mode two_copy() {
  return {case_of(EngineKind::uring, "two-copy", Family::two_copy, 4096),
          16,
          {{Category::flatten, 200}, {Category::copy_in, 310}, {Category::tcp_ip, 500}},
          {{Category::copy_out, 300}, {Category::tcp_ip, 100}}};
}

Mode send_zc() {
  return {case_of(EngineKind::uring, "send-zc-fixed", Family::zero_copy, 4096),
          12,
          {{Category::deferred_copy, 330},
           {Category::notification, 210},
           {Category::tcp_ip, 505},
           {Category::unclassified, 20}},
          {{Category::copy_out, 305}, {Category::tcp_ip, 100}, {Category::deferred_copy, 60}}};
}

void add(std::vector<Sample>& samples, const Mode& mode, std::uint32_t reps) {
  for (std::uint32_t rep = 0; rep < reps; ++rep) {
    const double jitter = 1 + 0.001 * rep;
    samples.push_back(sample_of(mode.the_case, mode.gbps * jitter, rep));
    Case profiled = mode.the_case;
    profiled.purpose = Purpose::profile;
    samples.push_back(sample_of(profiled, mode.gbps * 0.99, rep));
    samples.back().server.profile = profile_of(mode.server);
    samples.back().client.profile = profile_of(mode.client);
  }
}

ExplainedPair pair_of(const Mode& a, const Mode& b) {
  return {.a = a.the_case,
          .b = b.the_case,
          .claim_a = "flatten + user to skb",
          .claim_b = "none, or a deferred one",
          .yardstick = {.bytes_per_ns = 20, .block_bytes = 4096}};
}

Explanation explained(const Mode& a, const Mode& b, std::uint32_t reps = 8) {
  std::vector<Sample> samples;
  add(samples, a, reps);
  add(samples, b, reps);
  return explain(samples, pair_of(a, b));
}

const CategoryDifference& line_of(const Explanation& explanation, Category category) {
  for (const CategoryDifference& each : explanation.server) {
    if (each.category == category) return each;
  }
  throw std::out_of_range("no such line");
}

TEST(Explanation, SortsDifferencesBySize) {
  std::vector<Category> order;
  for (const CategoryDifference& each : explained(two_copy(), send_zc()).server) {
    order.push_back(each.category);
  }
  EXPECT_THAT(order, ElementsAre(Category::deferred_copy, Category::copy_in, Category::notification,
                                 Category::flatten, Category::unclassified, Category::tcp_ip));
}

TEST(Explanation, SumOfTheCategoriesIsTheTotal) {
  const Explanation explanation = explained(two_copy(), send_zc());
  double sum = 0;
  for (const CategoryDifference& each : explanation.server) sum += each.b.ns;
  EXPECT_NEAR(sum, explanation.b.server.total_ns, 1e-6);
  EXPECT_NEAR(sum, 1065, 1e-6);
}

TEST(Explanation, SamplingErrorShrinksWithRepetitions) {
  EXPECT_NEAR(line_of(explained(two_copy(), send_zc(), 1), Category::flatten).a.half, 10, 1e-9);
  EXPECT_NEAR(line_of(explained(two_copy(), send_zc(), 4), Category::flatten).a.half, 5, 1e-9);
}

TEST(Explanation, RepetitionsThatDifferWidenTheError) {
  std::vector<Sample> samples;
  for (const double ns : {100.0, 200.0, 300.0}) {
    Mode mode = two_copy();
    mode.server = {{Category::tcp_ip, ns}};
    add(samples, mode, 1);
  }
  const Explanation explanation = explain(samples, pair_of(two_copy(), two_copy()));
  // sd 100, over sqrt(3), times Student's 4.303
  EXPECT_NEAR(line_of(explanation, Category::tcp_ip).a.half, 248.4, 0.1);
  EXPECT_FALSE(line_of(explanation, Category::tcp_ip).shown());
}

TEST(Explanation, ASlowerModeIsCalledSoByTheNumbers) {
  const std::string sentence = sentence_of(explained(two_copy(), send_zc()));
  EXPECT_THAT(sentence, HasSubstr("saves 510 ns a message (user-to-kernel copy 310, flatten copy "
                                  "200) and pays 560 ns a message (deferred zero-copy copy 330, "
                                  "notification, error queue 210, unclassified 20.0)"));
  EXPECT_THAT(sentence, HasSubstr("slower by 1.33x"));
}

TEST(Sentence, SaysHowMuchOfTheTimeIsTheServersWorkAndHowMuchWaiting) {
  std::vector<Sample> samples;
  add(samples, two_copy(), 8);
  add(samples, send_zc(), 8);
  for (Sample& sample : samples) {
    // 682 ns more a message at the lower rate, 300 of them the server's.
    const double ns = sample.the_case.path == "two-copy" ? 1000 : 1300;
    sample.server.cpu_ns = static_cast<std::uint64_t>(ns * static_cast<double>(sample.messages));
  }
  const Explanation explanation = explain(samples, pair_of(two_copy(), send_zc()));
  ASSERT_TRUE(explanation.time);
  EXPECT_NEAR(explanation.time->server_cpu.ns, 300, 1);
  EXPECT_NEAR(explanation.time->waiting_ns(), explanation.time->time.ns - 300, 1);
  EXPECT_THAT(sentence_of(explanation),
              HasSubstr("a message takes more, the server's CPU time is +300"));
}

TEST(Sentence, NothingIsSaidOfTheTimesOfServersWithSeveralCpus) {
  Mode a = two_copy();
  Mode b = send_zc();
  a.the_case.server_cpus = b.the_case.server_cpus = "0-1";
  EXPECT_FALSE(explained(a, b).time);
}

TEST(Explanation, AFasterModeIsCalledSoByTheNumbers) {
  EXPECT_THAT(sentence_of(explained(send_zc(), two_copy())), HasSubstr("faster by 1.33x"));
}

TEST(Explanation, DifferencesWithinTheErrorAreNotClaimed) {
  EXPECT_THAT(sentence_of(explained(two_copy(), send_zc())), Not(HasSubstr("TCP")));
  EXPECT_THAT(sentence_of(explained(two_copy(), two_copy())), HasSubstr("spend their time alike"));
}

TEST(Explanation, ASingleRepetitionDecidesNothing) {
  EXPECT_THAT(sentence_of(explained(two_copy(), send_zc(), 1)), HasSubstr("no speed to compare"));
}

TEST(Explanation, ProfiledRatesAreNotComparedWithEachOther) {
  const Explanation explanation = explained(two_copy(), send_zc());
  EXPECT_EQ(explanation.a.rates.size(), 8U);
  EXPECT_NEAR(explanation.a.rates.front(), 16e9 / 8 / 4096, 1);
}

TEST(Explanation, TheSamplersCostIsProfiledOverUnprofiled) {
  const Explanation explanation = explained(two_copy(), send_zc());
  ASSERT_TRUE(explanation.a.slowdown);
  EXPECT_NEAR(explanation.a.slowdown->value, 0.99 / 1.0035, 0.001);
  EXPECT_FALSE(explained(two_copy(), send_zc(), 1).a.slowdown);
}

TEST(Explanation, CopiesAreTimeOverThatOfMemcpy) {
  const Explanation explanation = explained(two_copy(), send_zc());
  const auto copies =
      copies_per_byte(explanation.b, Category::deferred_copy, explanation.yardstick);
  ASSERT_TRUE(copies);
  EXPECT_NEAR(copies->ns, (330 + 60) * 20.0 / 4096, 1e-3);
  EXPECT_FALSE(copies_per_byte(explanation.b, Category::flatten, {}));
}

TEST(Explanation, AProfileThatCannotBeHadIsNoZero) {
  std::vector<Sample> samples;
  add(samples, two_copy(), 3);
  add(samples, send_zc(), 3);
  for (Sample& sample : samples) {
    if (sample.server.profile) sample.server.profile = Unavailable{"perf_event_paranoid is 3"};
  }
  const Explanation explanation = explain(samples, pair_of(two_copy(), send_zc()));
  EXPECT_THAT(explanation.server, IsEmpty());
  EXPECT_THAT(sentence_of(explanation),
              AllOf(HasSubstr("not known"), HasSubstr("perf_event_paranoid is 3")));
  EXPECT_FALSE(copies_per_byte(explanation.a, Category::flatten, explanation.yardstick));
}

TEST(Explanation, LooksAsWritten) {
  const std::string text = explanation_text(environment(), explained(two_copy(), send_zc())).text();
  expect_golden("explanation.txt", text);
}

TEST(Explanation, WithoutAnyProfileIsOneSentence) {
  std::vector<Sample> samples;
  add(samples, two_copy(), 3);
  add(samples, send_zc(), 3);
  for (Sample& sample : samples) {
    for (RoleUsage* usage : {&sample.server, &sample.client}) {
      if (usage->profile) usage->profile = Unavailable{"perf_event_paranoid is 3"};
    }
  }
  const std::string text =
      explanation_text(environment(), explain(samples, pair_of(two_copy(), send_zc()))).text();
  EXPECT_THAT(text, AllOf(HasSubstr("perf_event_paranoid is 3"), Not(HasSubstr("ns/msg")),
                          Not(HasSubstr("no ledger")), Not(HasSubstr("copies a payload byte"))));
}

TEST(Explanation, SaysWhenTheSamplerHadToFollowThreads) {
  std::vector<Sample> samples;
  add(samples, two_copy(), 3);
  add(samples, send_zc(), 3);
  for (Sample& sample : samples) {
    if (sample.server.profile) std::get<RoleProfile>(*sample.server.profile).events_on = "threads";
  }
  const std::string text =
      explanation_text(environment(), explain(samples, pair_of(two_copy(), send_zc()))).text();
  EXPECT_THAT(text, HasSubstr("the sampler followed threads"));
}

TEST(Explanation, LooksAsWrittenWhenNothingCouldBeSampled) {
  std::vector<Sample> samples;
  Case profiled = send_zc().the_case;
  add(samples, two_copy(), 2);
  samples.push_back(failed_sample(profiled, Status::unavailable, "this kernel has no OP_SEND_ZC"));
  const std::string text =
      explanation_text(environment(), explain(samples, pair_of(two_copy(), send_zc()))).text();
  expect_golden("explanation_unavailable.txt", text);
}

}  // namespace
}  // namespace ub::report
