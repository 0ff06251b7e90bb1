// Errors, and what owns a resource.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "uringbench/base/check.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/mapped_memory.hpp"
#include "uringbench/base/unique_fd.hpp"

namespace ub {
namespace {

using testing::HasSubstr;

bool is_open(int fd) {
  return ::fcntl(fd, F_GETFD) >= 0;
}

TEST(ErrorTest, ErrnosHaveNamesAndTexts) {
  EXPECT_EQ(errno_name(EPIPE), "EPIPE");
  EXPECT_EQ(errno_name(9999), "errno 9999");
  EXPECT_EQ(describe_errno(EPIPE), "EPIPE (Broken pipe)");
  EXPECT_EQ(describe_errno(9999), "errno 9999");
}

TEST(ErrorTest, ASetupErrorSaysWhatAndHowToMendIt) {
  try {
    throw_setup_error("opening a thing", EMFILE, "raise `ulimit -n`");
  } catch (const SetupError& error) {
    EXPECT_STREQ(error.what(), "opening a thing: EMFILE (Too many open files); raise `ulimit -n`");
  }
}

TEST(ErrorTest, TheTwoWaysToReportFailureBecomeOne) {
  errno = EAGAIN;
  EXPECT_EQ(from_errno(-1).error, EAGAIN);
  EXPECT_EQ(from_errno(5).value, 5);
  EXPECT_TRUE(from_errno(0).ok());
  EXPECT_EQ(from_negative(-EPIPE).error, EPIPE);
  EXPECT_EQ(from_negative(7).value, 7);
}

TEST(CheckDeathTest, ABrokenRuleEndsTheProgramAndIsNamed) {
  check(true, "fine");
  EXPECT_DEATH(check(false, "two and two make four"), "two and two make four");
}

TEST(UniqueFdTest, ClosesWhatItOwnsOnce) {
  int number = -1;
  {
    const UniqueFd fd(::dup(STDERR_FILENO));
    number = fd.get();
    EXPECT_TRUE(is_open(number));
  }
  EXPECT_FALSE(is_open(number));
}

TEST(UniqueFdTest, MovingHandsItOver) {
  UniqueFd first(::dup(STDERR_FILENO));
  const int number = first.get();
  UniqueFd second(std::move(first));
  EXPECT_EQ(second.get(), number);
  UniqueFd third(::dup(STDERR_FILENO));
  const int replaced = third.get();
  third = std::move(second);
  EXPECT_EQ(third.get(), number);
  EXPECT_FALSE(is_open(replaced));
  EXPECT_EQ(third.release(), number);
  EXPECT_FALSE(third);
  EXPECT_TRUE(is_open(number));
  ::close(number);
}

TEST(MappedMemoryTest, AnonymousPagesAreZeroAndWritable) {
  const MappedMemory memory = MappedMemory::anonymous(10'000);
  EXPECT_EQ(memory.size(), 10'000U);
  EXPECT_EQ(memory.data()[9'999], std::byte{0});
  memory.data()[9'999] = std::byte{1};
}

TEST(MappedMemoryTest, AFileIsShared) {
  const UniqueFd file(::memfd_create("test", 0));
  ASSERT_EQ(::ftruncate(file.get(), 100), 0);
  const MappedMemory memory = MappedMemory::of_file(file.get(), 100);
  memory.data()[42] = std::byte{7};
  std::byte read{};
  EXPECT_EQ(::pread(file.get(), &read, 1, 42), 1);
  EXPECT_EQ(read, std::byte{7});
}

TEST(MappedMemoryTest, MovingHandsItOver) {
  MappedMemory first = MappedMemory::anonymous(100);
  std::byte* data = first.data();
  MappedMemory second(std::move(first));
  EXPECT_EQ(second.data(), data);
  MappedMemory third;
  third = std::move(second);
  EXPECT_EQ(third.data(), data);
  EXPECT_EQ(third.size(), 100U);
}

TEST(MappedMemoryTest, MoreThanThereIsIsNamed) {
  try {
    MappedMemory::anonymous(1ULL << 60U);
    FAIL() << "a machine with an exabyte";
  } catch (const SetupError& error) {
    EXPECT_THAT(error.what(), HasSubstr("mapping 1073741824G of memory: ENOMEM"));
  }
}

}  // namespace
}  // namespace ub
