#include "golden.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string_view>

namespace ub::report {
namespace {

std::string path_of(const std::string& name) {
  return URINGBENCH_GOLDEN_DIR "/" + name;
}

bool refreshes() {
  const char* value = std::getenv("UPDATE_GOLDEN");  // NOLINT(concurrency-mt-unsafe): one thread
  return value != nullptr && std::string_view(value) == "1";
}

}  // namespace

std::string golden_text(const std::string& name) {
  std::ifstream in(path_of(name), std::ios::binary);
  EXPECT_TRUE(in) << "no golden file " << path_of(name) << "; see README.md beside it";
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void expect_golden(const std::string& name, const std::string& text) {
  if (refreshes()) {
    std::ofstream out(path_of(name), std::ios::binary);
    out << text << std::flush;
    ASSERT_TRUE(out) << "cannot write " << path_of(name);
    GTEST_SKIP() << "refreshed " << name << "; nothing was compared";
  }
  EXPECT_EQ(golden_text(name), text);
}

}  // namespace ub::report
