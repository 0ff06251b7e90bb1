#include "uringbench/base/output_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <iterator>

#include "support/scratch.hpp"
#include "uringbench/base/error.hpp"

namespace ub {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t files_in(const std::filesystem::path& directory) {
  const std::filesystem::directory_iterator each(directory);
  return static_cast<std::size_t>(std::distance(begin(each), end(each)));
}

TEST(OutputFile, AppearsWholeAndOnlyWhenPublished) {
  const test::Scratch scratch;
  const auto path = scratch.path() / "results.csv";
  const std::string large(100'000, 'x');
  OutputFile file("--out", path);
  file.stream() << large << std::flush;
  EXPECT_FALSE(std::filesystem::exists(path));
  file.publish();
  EXPECT_EQ(content_of(path), large);
  EXPECT_EQ(files_in(scratch.path()), 1U);
}

TEST(OutputFile, ReplacesWhatStoodThere) {
  const test::Scratch scratch;
  const auto path = scratch.path() / "table.txt";
  std::ofstream(path) << "old";
  OutputFile file("--out", path);
  file.stream() << "new";
  EXPECT_EQ(content_of(path), "old") << "until then";
  file.publish();
  EXPECT_EQ(content_of(path), "new");
}

TEST(OutputFile, LeavesNothingAndTheOldFileWhenItIsNotPublished) {
  const test::Scratch scratch;
  const auto path = scratch.path() / "table.txt";
  std::ofstream(path) << "old";
  { OutputFile("--out", path).stream() << "half of it" << std::flush; }
  EXPECT_EQ(content_of(path), "old");
  EXPECT_EQ(files_in(scratch.path()), 1U);
}

TEST(OutputFile, ReplacesASymbolicLinkAndDoesNotFollowIt) {
  const test::Scratch scratch;
  const auto precious = scratch.path() / "precious";
  const auto path = scratch.path() / "results.csv";
  std::ofstream(precious) << "precious";
  std::filesystem::create_symlink(precious, path);
  OutputFile file("--out", path);
  file.stream() << "new";
  file.publish();
  EXPECT_EQ(content_of(precious), "precious");
  EXPECT_FALSE(std::filesystem::is_symlink(path));
  EXPECT_EQ(content_of(path), "new");
}

std::string refusal_of(OutputFile& file) {
  try {
    file.publish();
  } catch (const SetupError& error) {
    return error.what();
  }
  return "";
}

TEST(OutputFile, SaysWhichFileHadNoRoomAndKeepsTheOldOne) {
  const test::Scratch scratch;
  const auto path = scratch.path() / "table.txt";
  std::ofstream(path) << "old";
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit tight{.rlim_cur = 1000, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
  OutputFile file("--out", path);
  file.stream() << std::string(100'000, 'x') << std::flush;
  const std::string said = refusal_of(file);
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_THAT(said, AllOf(HasSubstr("table.txt"), HasSubstr("EFBIG"), HasSubstr("make room")));
  EXPECT_EQ(content_of(path), "old");
}

TEST(OutputFile, NamesADirectoryThatIsNotThere) {
  const test::Scratch scratch;
  EXPECT_THAT([&] { OutputFile("--output", scratch.path() / "none" / "report.html"); },
              testing::ThrowsMessage<SetupError>(
                  AllOf(HasSubstr("--output: "), HasSubstr("report.html"), HasSubstr("ENOENT"))));
}

}  // namespace
}  // namespace ub
