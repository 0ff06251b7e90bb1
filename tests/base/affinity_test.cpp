#include "uringbench/base/affinity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <thread>

#include "uringbench/base/error.hpp"

namespace ub {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ParseCpuListTest, TakesNumbersAndRanges) {
  EXPECT_EQ(parse_cpu_list("0"), CpuList({0}));
  EXPECT_EQ(parse_cpu_list("0-3,6"), CpuList({0, 1, 2, 3, 6}));
  EXPECT_EQ(parse_cpu_list("5-5"), CpuList({5}));
}

TEST(ParseCpuListTest, SortsAndDropsRepeats) {
  EXPECT_EQ(parse_cpu_list("6,0-2,1"), CpuList({0, 1, 2, 6}));
}

TEST(ParseCpuListTest, RefusesEverythingElse) {
  for (const char* text : {"", ",", "0,", ",0", "3-1", "-1", "0-", "a", "0 1", "0x1", "1.5", "8192",
                           "0-1-2", "99999999999"}) {
    EXPECT_EQ(parse_cpu_list(text), std::nullopt) << text;
  }
}

TEST(FormatCpuListTest, IsTheKernelsForm) {
  EXPECT_EQ(format_cpu_list({}), "");
  EXPECT_EQ(format_cpu_list({3}), "3");
  EXPECT_EQ(format_cpu_list({0, 1}), "0-1");
  EXPECT_EQ(format_cpu_list({0, 1, 2, 6, 8, 9}), "0-2,6,8-9");
}

TEST(FormatCpuListTest, IsReadBack) {
  const CpuList cpus{0, 2, 3, 4, 7};
  EXPECT_EQ(parse_cpu_list(format_cpu_list(cpus)), cpus);
}

/// In a thread of its own: the test program stays where it is.
TEST(PinTest, AThreadRunsWhereItWasPinned) {
  const int last = allowed_cpus().back();
  std::thread([last] {
    pin_this_thread({last});
    EXPECT_THAT(allowed_cpus(), ElementsAre(last));
    EXPECT_EQ(::sched_getcpu(), last);
  }).join();
}

TEST(PinTest, ACpuThatIsNotThereIsNamed) {
  try {
    pin_this_thread({CPU_SETSIZE - 1});
    FAIL() << "this machine has a CPU " << CPU_SETSIZE - 1;
  } catch (const SetupError& error) {
    EXPECT_THAT(error.what(), HasSubstr("pinning to CPU " + std::to_string(CPU_SETSIZE - 1)));
    EXPECT_THAT(error.what(), HasSubstr(format_cpu_list(allowed_cpus())));
  }
}

}  // namespace
}  // namespace ub
