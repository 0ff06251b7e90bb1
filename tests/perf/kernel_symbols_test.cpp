#include <gmock/gmock.h>

#include <fstream>

#include "uringbench/perf/symbols.hpp"

namespace ub::perf {
namespace {

using ::testing::HasSubstr;

constexpr const char* kText =
    "ffffffff81000100 T tcp_sendmsg\n"
    "ffffffff81000000 T _stext\n"
    "ffffffff81000200 T __pi_memcpy\n"
    "ffffffff81000200 T memcpy\n"
    "ffffffff81000200 W __memcpy\n"
    "ffffffff81000180 d some_data\n"
    "ffffffffc0000000 t nft_do_chain\t[nf_tables]\n";

KernelSymbols parsed(const char* text) {
  return std::get<KernelSymbols>(KernelSymbols::parse(text));
}

TEST(KernelSymbols, FindTheFunctionAnAddressLiesIn) {
  const KernelSymbols symbols = parsed(kText);
  EXPECT_EQ(symbols.find(0xffffffff81000100)->name, "tcp_sendmsg");
  EXPECT_EQ(symbols.find(0xffffffff810001ff)->name, "tcp_sendmsg");
  EXPECT_EQ(symbols.find(0xffffffff810001ff)->module, "");
}

TEST(KernelSymbols, ChooseThePlainestOfSeveralNames) {
  EXPECT_EQ(parsed(kText).find(0xffffffff81000204)->name, "memcpy");
}

TEST(KernelSymbols, NameTheModule) {
  const KernelSymbols symbols = parsed(kText);
  EXPECT_EQ(symbols.find(0xffffffffc0000010)->name, "nft_do_chain");
  EXPECT_EQ(symbols.find(0xffffffffc0000010)->module, "nf_tables");
}

TEST(KernelSymbols, FindNothingOutside) {
  const KernelSymbols symbols = parsed(kText);
  EXPECT_FALSE(symbols.find(0xffffffff80ffffff));
  EXPECT_FALSE(symbols.find(0xffffffff90000000));
  EXPECT_FALSE(symbols.find(0x401000));
}

TEST(KernelSymbols, SurviveAMove) {
  KernelSymbols first = parsed("ffffffff81000100 T x\n");  // short enough to lie inside a string
  const KernelSymbols second = std::move(first);
  EXPECT_EQ(second.find(0xffffffff81000101)->name, "x");
}

TEST(KernelSymbols, SayWhatHidesTheAddresses) {
  const auto hidden = KernelSymbols::parse("0000000000000000 T a\n0000000000000000 t b\t[m]\n");
  EXPECT_THAT(std::get<Unavailable>(hidden).reason, HasSubstr("kernel.kptr_restrict"));
}

TEST(KernelSymbols, AreUnavailableWithoutAFunction) {
  EXPECT_TRUE(std::holds_alternative<Unavailable>(KernelSymbols::parse("")));
  EXPECT_TRUE(std::holds_alternative<Unavailable>(KernelSymbols::parse("garbage\n\n x y z\n")));
}

TEST(KernelSymbolsOfThisMachine, FindWhatTheKernelListsAsTcpSendmsg) {
  const auto loaded = KernelSymbols::load();
  if (const auto* missing = std::get_if<Unavailable>(&loaded)) GTEST_SKIP() << missing->reason;
  std::ifstream listing("/proc/kallsyms");
  std::string address;
  std::string type;
  std::string name;
  while (name != "tcp_sendmsg" && listing >> address >> type) {
    std::getline(listing >> std::ws, name);
  }
  ASSERT_EQ(name, "tcp_sendmsg");
  const std::uint64_t inside = std::stoull(address, nullptr, 16) + 8;
  EXPECT_EQ(std::get<KernelSymbols>(loaded).find(inside)->name, "tcp_sendmsg");
}

}  // namespace
}  // namespace ub::perf
