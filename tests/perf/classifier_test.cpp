#include "uringbench/perf/classifier.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>

#include "uringbench/base/error.hpp"

namespace ub::perf {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

Placement classify(const NamedChain& chain) {
  return Classifier().classify(chain);
}

/// The category of a kernel chain, from the leaf up.
Category kernel(std::vector<std::string_view> chain) {
  return classify({.kernel = std::move(chain), .user = {}}).category;
}

Category user(std::vector<std::string_view> chain) {
  return classify({.kernel = {}, .user = std::move(chain)}).category;
}

/// One line of real_chains.txt.
struct RealChain {
  std::string kernel_version;
  std::string category;
  std::string context;
  std::string chain;  ///< root first, separated by semicolons

  [[nodiscard]] NamedChain named() const {
    NamedChain named{.kernel = {}, .user = {}, .idle_task = context == "idle"};
    for (std::string_view rest = chain; !rest.empty();) {
      const std::size_t end = std::min(rest.find(';'), rest.size());
      named.kernel.push_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    std::reverse(named.kernel.begin(), named.kernel.end());
    return named;
  }
};

std::vector<RealChain> real_chains() {
  std::ifstream file(URINGBENCH_REAL_CHAINS);
  std::vector<RealChain> chains;
  for (std::string word; file >> word;) {
    if (word == "#") {
      std::getline(file, word);
      continue;
    }
    RealChain& chain = chains.emplace_back();
    chain.kernel_version = word;
    file >> chain.category >> chain.context >> chain.chain;
  }
  return chains;
}

TEST(ClassifierOnRealChains, PlacesEveryOne) {
  Classifier classifier;
  for (const RealChain& chain : real_chains()) {
    const Placement placement = classifier.classify(chain.named());
    EXPECT_EQ(to_text(placement.category), chain.category)
        << chain.kernel_version << ' ' << chain.chain;
    EXPECT_EQ(placement.context == Context::interrupt, chain.context == "interrupt") << chain.chain;
  }
}

TEST(ClassifierOnRealChains, HasChainsOfEveryCategoryAndKernel) {
  std::set<std::string, std::less<>> seen;
  for (const RealChain& chain : real_chains()) {
    seen.insert(chain.category);
    seen.insert(chain.kernel_version);
  }
  std::vector<std::string_view> missing;
  for (const Category category : all_categories()) {
    const bool of_user_mode = category == Category::user || category == Category::flatten;
    if (!of_user_mode && !seen.contains(to_text(category))) missing.push_back(to_text(category));
  }
  EXPECT_THAT(missing, IsEmpty());
  EXPECT_TRUE(seen.contains("6.1") && seen.contains("6.12") && seen.contains("6.18"));
}

TEST(Classifier, TakesAUserMemcpyForTheFlattenCopyAndTheRestForUserCode) {
  EXPECT_EQ(user({"memcpy", "ub::path::TwoCopy::send(int)"}), Category::flatten);
  EXPECT_EQ(user({"__memmove_avx_unaligned_erms", "main"}), Category::flatten);
  EXPECT_EQ(user({"main"}), Category::user);
  EXPECT_EQ(user({"[libc.so.6]", "main"}), Category::user);
}

TEST(Classifier, LooksNoFurtherThanTheUserLeaf) {
  EXPECT_EQ(user({"qsort", "memcpy"}), Category::user);
}

TEST(Classifier, KeepsTheKernelsPatternsAwayFromUserFunctions) {
  EXPECT_EQ(user({"io_uring_submit", "main"}), Category::user);
}

TEST(Classifier, LeavesAnEmptyChainUnclassified) {
  EXPECT_EQ(classify({}).category, Category::unclassified);
}

TEST(Classifier, LetsTheWholeChainOverruleTheLeaf) {
  EXPECT_EQ(kernel({"memcpy", "_copy_from_iter", "tcp_sendmsg_locked"}), Category::copy_in);
  EXPECT_EQ(kernel({"memcpy", "skb_copy_ubufs", "tcp_sendmsg_locked"}), Category::deferred_copy);
  EXPECT_EQ(kernel({"get_page_from_freelist", "alloc_pages_mpol", "skb_copy_ubufs"}),
            Category::deferred_copy);
}

TEST(Classifier, GivesAnInterruptInsideACopyToTheInterrupt) {
  const Placement placement =
      classify({.kernel = {"rcu_core", "handle_softirqs", "__irq_exit_rcu",
                           "asm_sysvec_apic_timer_interrupt", "memcpy", "skb_copy_ubufs"},
                .user = {}});
  EXPECT_EQ(placement, (Placement{Category::device, Context::interrupt}));
}

TEST(Classifier, LetsTheCallerDecideForSharedLeaves) {
  EXPECT_EQ(kernel({"_raw_spin_lock", "tcp_v4_rcv"}), Category::wakeup);
  EXPECT_EQ(kernel({"_raw_spin_lock", "tcp_write_xmit"}), Category::tcp_ip);
  EXPECT_EQ(kernel({"copy_user_enhanced_fast_string", "tcp_sendmsg_locked"}), Category::copy_in);
}

TEST(Classifier, IgnoresTheCompilersSuffixAndTheModule) {
  EXPECT_EQ(kernel({"tcp_rearm_rto.part.0"}), Category::tcp_ip);
  EXPECT_EQ(kernel({"mlx5e_xmit.constprop.0 [mlx5_core]"}), Category::device);
}

TEST(Classifier, DoesNotCallAnUnknownSystemCallEntryCode) {
  EXPECT_EQ(kernel({"do_syscall_64", "entry_SYSCALL_64_after_hwframe"}), Category::syscall);
  EXPECT_EQ(kernel({"a", "b", "__x64_sys_new", "do_syscall_64"}), Category::unclassified);
}

TEST(Classifier, SplitsTheIdleTaskIntoIdlingAndTheSoftirqsOnTopOfIt) {
  const auto on_idle_task = [](std::vector<std::string_view> chain) {
    return classify({.kernel = std::move(chain), .user = {}, .idle_task = true});
  };
  EXPECT_EQ(on_idle_task({"some_new_idle_driver"}).category, Category::idle);
  EXPECT_EQ(on_idle_task({"tcp_v4_rcv", "net_rx_action", "handle_softirqs", "do_idle"}),
            (Placement{Category::tcp_ip, Context::interrupt}));
}

TEST(Classifier, FollowsTheRulesItIsGiven) {
  Classifier classifier("frame pinning a*\nframe tcp-ip ab\n");
  EXPECT_EQ(classifier.classify({.kernel = {"ab"}, .user = {}}).category, Category::pinning);
}

TEST(Classifier, NamesTheLineOfABrokenRule) {
  const auto complaint = [](std::string_view rules) -> std::string {
    try {
      const Classifier classifier(rules);
      return "none";
    } catch (const UsageError& error) {
      return error.what();
    }
  };
  EXPECT_THAT(complaint("# good\n\nleaf tcp-ip tcp_*\n"), HasSubstr("line 3: no such kind"));
  EXPECT_THAT(complaint("frame tcp tcp_*\n"), HasSubstr("line 1: no such category \"tcp\""));
  EXPECT_THAT(complaint("frame tcp-ip\n"), HasSubstr("no pattern"));
  EXPECT_THAT(complaint("frame tcp-ip a b in c\n"), HasSubstr("one pattern"));
  EXPECT_THAT(complaint("frame tcp-ip a in\n"), HasSubstr("a caller is missing"));
  EXPECT_THAT(complaint("frame tcp-ip a in b c\n"), HasSubstr("too much"));
  EXPECT_THAT(complaint("frame tcp-ip a in b\n"), HasSubstr("none"));
}

TEST(Category, HasNamesThatLeadBackToIt) {
  std::set<std::string_view> labels;
  for (const Category category : all_categories()) {
    EXPECT_EQ(category_from_text(to_text(category)), category);
    EXPECT_TRUE(labels.insert(label(category)).second) << label(category);
  }
  EXPECT_FALSE(category_from_text("nonsense"));
}

}  // namespace
}  // namespace ub::perf
