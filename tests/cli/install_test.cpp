// What `cmake --install` leaves on a machine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "program.hpp"
#include "support/scratch.hpp"

namespace ub::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

std::filesystem::path installed(const test::Scratch& scratch, const std::string& file) {
  const Ended ended =
      Program({"cmake", "--install", URINGBENCH_BUILD_DIR, "--prefix", scratch.path()}).wait();
  EXPECT_EQ(ended.status, 0) << ended.err;
  return scratch.path() / file;
}

TEST(Install, TheProgramRuns) {
  const test::Scratch scratch;
  const Ended ended = Program({installed(scratch, "bin/uringbench"), "--version"}).wait();
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("uringbench "));
}

TEST(Install, BashFindsTheCompletion) {
  const test::Scratch scratch;
  const auto file = installed(scratch, "share/bash-completion/completions/uringbench");
  const Ended ended =
      Program({"bash", "--norc", "-c", "source " + file.string() + " && complete -p uringbench"})
          .wait();
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("complete -F _uringbench uringbench"));
}

TEST(Install, TheManPageRendersWithoutAWarning) {
  if (URINGBENCH_HAS_MAN_PAGE == 0) GTEST_SKIP() << "built without help2man: there is no man page";
  const test::Scratch scratch;
  const auto page = installed(scratch, "share/man/man1/uringbench.1");
  const Ended ended = Program({"groff", "-man", "-ww", "-Tascii", "-P-cbou", page}).wait();
  if (ended.status == kNoSuchProgram) GTEST_SKIP() << "groff is not installed";
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.err, IsEmpty());
  EXPECT_THAT(ended.out, AllOf(HasSubstr("uringbench - find the best way of sending bytes"),
                               HasSubstr("--working-set SIZE"), HasSubstr("EXAMPLES")));
}

}  // namespace
}  // namespace ub::cli
