#include <dlfcn.h>
#include <gmock/gmock.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "uringbench/perf/symbols.hpp"

namespace ub::perf {

/// A function with a name of its own, in this program's symbol table.
__attribute__((noinline)) int a_function_to_find(int value) {
  return value + 1;
}

namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::optional<UserSymbol> find(std::uint64_t address) {
  const auto symbols = UserSymbols::of_this_process();
  return std::get<UserSymbols>(symbols).find(address);
}

template <typename Function>
std::uint64_t address_of(Function* function) {
  return reinterpret_cast<std::uint64_t>(function);
}

/// libc's own, not what a sanitizer puts in front of it.
std::uint64_t address_in_libc(const char* name) {
  void* const libc = ::dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD);
  const auto address = address_of(::dlsym(libc, name));
  ::dlclose(libc);
  return address;
}

TEST(UserSymbols, NameAFunctionOfThisProgramDemangled) {
  const auto symbol = find(address_of(&a_function_to_find) + 1);
  ASSERT_TRUE(symbol);
  EXPECT_EQ(symbol->name, "ub::perf::a_function_to_find(int)");
  EXPECT_EQ(symbol->module, program_invocation_short_name);
}

TEST(UserSymbols, NameAnExportedFunctionOfALibrary) {
  const auto symbol = find(address_in_libc("qsort") + 4);
  ASSERT_TRUE(symbol);
  EXPECT_THAT(symbol->name, HasSubstr("qsort"));
  EXPECT_THAT(symbol->module, StartsWith("libc"));
}

TEST(UserSymbols, NameTheCopyingLoopThatTheLinkerChose) {
  const auto symbol = find(address_in_libc("memcpy") + 16);
  ASSERT_TRUE(symbol);
  EXPECT_THAT(symbol->name, HasSubstr("mem"));
}

TEST(UserSymbols, FindNothingWhereNoFileIsMapped) {
  const std::vector<int> on_the_heap(1000);
  EXPECT_FALSE(find(address_of(on_the_heap.data())));
  EXPECT_FALSE(find(16));
}

}  // namespace
}  // namespace ub::perf
