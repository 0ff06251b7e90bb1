#include "uringbench/perf/ledger.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <numeric>

#include "uringbench/model/ledger_json.hpp"
#include "uringbench/perf/named_chain.hpp"

namespace ub::perf {
namespace {

constexpr std::uint64_t kTcp = 0xffffffff81000010;
constexpr std::uint64_t kCopy = 0xffffffff81000110;
constexpr std::uint64_t kSoftirq = 0xffffffff81000210;
constexpr std::uint64_t kUnheardOf = 0xffffffff81000310;

ChainNamer namer() {
  return ChainNamer(
      std::get<KernelSymbols>(KernelSymbols::parse("ffffffff81000000 T tcp_sendmsg_locked\n"
                                                   "ffffffff81000100 T _copy_from_iter\n"
                                                   "ffffffff81000200 T handle_softirqs\n"
                                                   "ffffffff81000300 T unheard_of\n")));
}

/// A profile of kernel chains, leaf first, one sample a chain at times 0, 10, 20 …
Profile profile_of(const std::vector<std::vector<std::uint64_t>>& chains,
                   std::uint64_t weight = 1) {
  Profile profile;
  for (const auto& chain : chains) {
    profile.samples.push_back({.time_ns = 10 * profile.samples.size(),
                               .weight = weight,
                               .pid = ::getpid(),
                               .first_frame = static_cast<std::uint32_t>(profile.frames.size()),
                               .kernel_frames = static_cast<std::uint32_t>(chain.size())});
    profile.frames.insert(profile.frames.end(), chain.begin(), chain.end());
  }
  return profile;
}

Tally tally_of(const Profile& profile, const TimeWindow& window = {}) {
  ChainNamer names = namer();
  Classifier classifier;
  return tally(profile, window, names, classifier);
}

const LedgerLine& line_of(const Ledger& ledger, Category category) {
  const auto found =
      std::find_if(ledger.lines.begin(), ledger.lines.end(),
                   [&](const LedgerLine& line) { return line.category == category; });
  return *found;
}

TEST(Tally, PutsEverySampleIntoOneCategory) {
  const Tally result =
      tally_of(profile_of({{kTcp}, {kCopy, kTcp}, {kCopy, kTcp}, {kUnheardOf}, {}}));
  EXPECT_EQ(result.categories.at(Category::tcp_ip).samples, 1U);
  EXPECT_EQ(result.categories.at(Category::copy_in).samples, 2U);
  EXPECT_EQ(result.categories.at(Category::unclassified).samples, 2U);
  const auto add = [](std::uint64_t sum, const auto& each) { return sum + each.second.samples; };
  EXPECT_EQ(
      std::accumulate(result.categories.begin(), result.categories.end(), std::uint64_t{0}, add),
      result.samples);
  EXPECT_EQ(result.samples, 5U);
}

TEST(Tally, KeepsToTheWindow) {
  const Profile profile = profile_of({{kTcp}, {kTcp}, {kTcp}, {kTcp}});  // at 0, 10, 20, 30
  EXPECT_EQ(tally_of(profile, {.start_ns = 10, .end_ns = 30}).samples, 2U);
}

TEST(Tally, TellsWhatSoftirqsSpent) {
  const Tally result = tally_of(profile_of({{kTcp}, {kTcp, kSoftirq, kTcp}}, 100));
  EXPECT_DOUBLE_EQ(result.categories.at(Category::tcp_ip).weight, 200);
  EXPECT_DOUBLE_EQ(result.categories.at(Category::tcp_ip).interrupt_weight, 100);
}

TEST(Wilson, AgreesWithPublishedValues) {
  // R 4: prop.test(15, 50, correct = FALSE)$conf.int
  const Estimate estimate = wilson_interval(15, 50);
  EXPECT_DOUBLE_EQ(estimate.value, 0.3);
  EXPECT_NEAR(estimate.low, 0.1910, 5e-5);
  EXPECT_NEAR(estimate.high, 0.4375, 5e-5);
}

TEST(Wilson, BoundsWhatWasNeverSeen) {
  const Estimate estimate = wilson_interval(0, 100);
  EXPECT_EQ(estimate.value, 0);
  EXPECT_EQ(estimate.low, 0);
  EXPECT_NEAR(estimate.high, 0.0370, 5e-5);
}

TEST(MakeLedger, TurnsSharesIntoCostPerMessageAndByte) {
  const Tally tally{
      .categories = {{Category::copy_in, {300, 300, 0}}, {Category::tcp_ip, {700, 700, 70}}},
      .samples = 1000,
      .weight = 1000,
      .squared_weight = 1000};
  const Ledger ledger = make_ledger(tally, {.cpu_ns = 1'000'000, .messages = 100, .bytes = 10'000});
  const LedgerLine& copy = line_of(ledger, Category::copy_in);
  EXPECT_DOUBLE_EQ(copy.share.value, 0.3);
  EXPECT_DOUBLE_EQ(copy.ns_per_message->value, 3000);
  EXPECT_DOUBLE_EQ(copy.ns_per_byte->value, 30);
  EXPECT_NEAR(copy.ns_per_message->low, 2724, 1);
  EXPECT_NEAR(copy.ns_per_message->high, 3291, 1);
  EXPECT_DOUBLE_EQ(line_of(ledger, Category::tcp_ip).interrupt_share, 0.1);
}

TEST(MakeLedger, AddsUpToTheWhole) {
  const Tally tally = tally_of(profile_of({{kTcp}, {kCopy, kTcp}, {kUnheardOf}, {}}, 7));
  const Ledger ledger = make_ledger(tally, {.cpu_ns = 4000, .messages = 4, .bytes = 0});
  double share = 0;
  double ns = 0;
  for (const LedgerLine& line : ledger.lines) {
    share += line.share.value;
    ns += line.ns_per_message->value;
    EXPECT_FALSE(line.ns_per_byte);
  }
  EXPECT_DOUBLE_EQ(share, 1);
  EXPECT_DOUBLE_EQ(ns, 1000);
  EXPECT_EQ(ledger.lines.size(), all_categories().size());
}

TEST(MakeLedger, TrustsUnequalSamplesLess) {
  // One sample of 90 and nine of about 1 are worth little more than one.
  const Tally equal{.categories = {{Category::tcp_ip, {5, 50, 0}}},
                    .samples = 10,
                    .weight = 100,
                    .squared_weight = 1000};
  const Tally unequal{.categories = {{Category::tcp_ip, {5, 50, 0}}},
                      .samples = 10,
                      .weight = 100,
                      .squared_weight = 8110};
  const auto width = [](const Tally& tally) {
    const Estimate share = line_of(make_ledger(tally, {}), Category::tcp_ip).share;
    return share.high - share.low;
  };
  EXPECT_GT(width(unequal), 1.3 * width(equal));
}

TEST(MakeLedger, IsEmptyWithoutSamples) {
  EXPECT_TRUE(make_ledger({}, {.cpu_ns = 1}).lines.empty());
}

TEST(LedgerJson, ComesBackAsItWas) {
  const Ledger ledger =
      make_ledger(tally_of(profile_of({{kTcp}, {kCopy, kTcp}})), {.cpu_ns = 100, .messages = 2});
  const Json json = ledger;
  EXPECT_TRUE(json.at("lines").at(0).at("ns_per_byte").is_null());
  EXPECT_EQ(json.get<Ledger>(), ledger);
}

TEST(LedgerJson, RefusesACategoryThatNamesNone) {
  Json json = make_ledger(tally_of(profile_of({{kTcp}})), {});
  json["lines"][0]["category"] = "nonsense";
  EXPECT_THROW((void)json.get<Ledger>(), Json::exception);
}

TEST(FoldedStacks, CountEachChainRootFirst) {
  Profile profile = profile_of({{kCopy, kTcp}, {kTcp}, {kCopy, kTcp}, {}});
  ChainNamer names = namer();
  EXPECT_EQ(folded_stacks(profile, {}, names),
            "[no chain] 1\n"
            "tcp_sendmsg_locked_[k] 1\n"
            "tcp_sendmsg_locked_[k];_copy_from_iter_[k] 2\n");
  EXPECT_EQ(folded_stacks(profile, {.start_ns = 10, .end_ns = 20}, names),
            "tcp_sendmsg_locked_[k] 1\n");
}

}  // namespace
}  // namespace ub::perf
