#include "uringbench/record/journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>

#include "support/scratch.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/model/json.hpp"
#include "uringbench/record/reader.hpp"

namespace ub::record {
namespace {

using testing::AllOf;
using testing::HasSubstr;

Plan plan() {
  Plan plan;
  plan.reps = 3;
  plan.cases.resize(1);
  plan.cases[0].the_case.path = "two-copy";
  plan.cases[0].the_case.size_bytes = 64;
  plan.cases[0].the_case.duration_ns = 100'000'000;
  return plan;
}

Environment environment() {
  return {.facts = {{"kernel", "6.18"}}, .seed = 7};
}

Sample sample_of(std::uint32_t rep) {
  Sample sample;
  sample.status = Status::failed;
  sample.reason = "it \"broke\"\nin two";
  sample.the_case.path = "two-copy";
  sample.the_case.size_bytes = 64;
  sample.the_case.duration_ns = 100'000'000;
  sample.rep = rep;
  return sample;
}

std::filesystem::path file_in(const test::Scratch& scratch) {
  return scratch.path() / kSamplesFile;
}

/// Appends until the journal refuses; returns the refusal.
std::string fill(Journal& journal) {
  for (std::uint32_t rep = 0; rep < 1000; ++rep) {
    try {
      journal.append(sample_of(rep));
    } catch (const SetupError& error) {
      return error.what();
    }
  }
  return "1000 samples fitted";
}

/// Every line is whole, and together they are the environment and the first samples.
void expect_sound(const std::filesystem::path& file) {
  const auto lines = test::lines_of(file);
  ASSERT_GT(lines.size(), 2U) << "nothing was kept";
  EXPECT_EQ(Json::parse(lines[0]).get<Environment>(), environment());
  EXPECT_EQ(Json::parse(lines[1]).get<Plan>(), plan());
  for (std::size_t i = 2; i < lines.size(); ++i) {
    EXPECT_EQ(Json::parse(lines[i]).get<Sample>(), sample_of(static_cast<std::uint32_t>(i - 2)));
  }
}

TEST(Journal, EachLineIsSafeAsSoonAsItIsAppended) {
  const test::Scratch scratch;
  Journal journal(scratch.path() / "new" / "deeper", {environment(), plan()});
  const auto file = scratch.path() / "new" / "deeper" / kSamplesFile;
  EXPECT_EQ(test::lines_of(file).size(), 2U) << "the environment and the plan";
  for (std::uint32_t rep = 0; rep < 3; ++rep) {
    journal.append(sample_of(rep));
    EXPECT_EQ(test::lines_of(file).size(), rep + 3);
  }
  expect_sound(file);
}

TEST(Journal, ADirectoryThatHoldsSamplesIsRefusedAndLeftAlone) {
  const test::Scratch scratch;
  std::ofstream(file_in(scratch)) << "precious\n";
  try {
    const Journal journal(scratch.path(), {environment(), plan()});
    FAIL() << "overwrote a study";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("--out: '" + scratch.path().string() + "'"),
                                    HasSubstr("name a new directory")));
  }
  EXPECT_EQ(test::lines_of(file_in(scratch)), std::vector<std::string>{"precious"});
}

TEST(Journal, APlaceThatCannotBeADirectorySaysWhy) {
  const test::Scratch scratch;
  std::ofstream(scratch.path() / "file") << "x";
  try {
    const Journal journal(scratch.path() / "file", {environment(), plan()});
    FAIL() << "made a directory of a file";
  } catch (const SetupError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("--out: "), HasSubstr("ENOTDIR")));
  }
}

TEST(Journal, AFileThatWasRemovedOrReplacedIsNotWrittenInto) {
  const test::Scratch scratch;
  Journal journal(scratch.path(), {environment(), plan()});
  journal.append(sample_of(0));
  std::filesystem::rename(file_in(scratch), scratch.path() / "elsewhere");
  EXPECT_THROW(journal.append(sample_of(1)), SetupError);
  std::ofstream(file_in(scratch)) << "another file\n";
  try {
    journal.append(sample_of(1));
    FAIL() << "wrote where nobody looks";
  } catch (const SetupError& error) {
    EXPECT_THAT(error.what(), HasSubstr("removed or replaced"));
  }
}

TEST(Journal, IsLockedFromTheTimeItIsOpened) {
  const test::Scratch scratch;
  { const Journal journal(scratch.path(), {environment(), plan()}); }
  const Journal journal = Journal::open(scratch.path());
  EXPECT_THROW((void)Journal::open(scratch.path()), UsageError);
}

TEST(Journal, ALinkIsNotFollowed) {
  const test::Scratch scratch;
  std::ofstream(scratch.path() / "target") << "somebody's file\n";
  std::filesystem::create_symlink(scratch.path() / "target", file_in(scratch));
  EXPECT_THROW((void)Journal::open(scratch.path()), UsageError);
}

/// Files may not grow beyond so many bytes while it lives.
class SmallFiles {
 public:
  explicit SmallFiles(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    EXPECT_EQ(::getrlimit(RLIMIT_FSIZE, &before_), 0);
    const rlimit small{bytes, before_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  }
  ~SmallFiles() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  SmallFiles(const SmallFiles&) = delete;
  SmallFiles& operator=(const SmallFiles&) = delete;

 private:
  rlimit before_{};
};

TEST(Journal, AFileThatMayNotGrowKeepsWholeLinesOnly) {
  const test::Scratch scratch;
  Journal journal(scratch.path(), {environment(), plan()});
  std::string refusal;
  {
    const SmallFiles small(5000);
    refusal = fill(journal);
  }
  EXPECT_THAT(refusal, AllOf(HasSubstr(kSamplesFile), HasSubstr("EFBIG"),
                             HasSubstr("what was written before is kept")));
  expect_sound(file_in(scratch));
}

TEST(Journal, AStudyWhoseHeadHasNoRoomLeavesNoFile) {
  const test::Scratch scratch;
  const SmallFiles small(10);
  EXPECT_THROW(Journal(scratch.path(), {environment(), plan()}), SetupError);
  EXPECT_FALSE(std::filesystem::exists(file_in(scratch)));
}

TEST(Journal, AFullDiskKeepsWholeLinesOnly) {
  const test::Scratch scratch;
  if (::unshare(CLONE_NEWNS) != 0 ||
      ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("tmpfs", scratch.path().c_str(), "tmpfs", 0, "size=8k") != 0) {
    GTEST_SKIP() << "needs the right to mount a small tmpfs: " << std::strerror(errno);
  }
  {
    Journal journal(scratch.path(), {environment(), plan()});
    EXPECT_THAT(fill(journal), AllOf(HasSubstr(kSamplesFile), HasSubstr("ENOSPC")));
    expect_sound(file_in(scratch));
  }
  ::umount2(scratch.path().c_str(), MNT_DETACH);
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// What a power cut leaves is the beginning of the file, wherever it ends.
TEST(Journal, CutAtEveryByteItIsReadAndGoesOn) {
  const test::Scratch scratch;
  {
    Journal journal(scratch.path(), {environment(), plan()});
    for (std::uint32_t rep = 0; rep < 2; ++rep) journal.append(sample_of(rep));
  }
  const std::string whole = text_of(file_in(scratch));
  const std::size_t head = whole.find('\n', whole.find('\n') + 1);  // appears at once or not at all
  for (std::size_t size = head; size <= whole.size(); ++size) {
    std::ofstream(file_in(scratch), std::ios::trunc) << whole.substr(0, size);
    std::istringstream cut(whole.substr(0, size));
    const Recording before = read_recording(cut);
    const std::size_t kept = before.samples.size();
    ASSERT_LE(kept, 2U);
    // Going on waits for the disk, so it is tried at some bytes, and at all around the ends of
    // lines.
    const auto next_end = std::min(whole.find('\n', size > 0 ? size - 1 : 0), whole.size());
    if (size % 128 != 0 && next_end > size + 1) continue;
    {
      Journal journal = Journal::open(scratch.path());
      journal.go_on(environment(), before.torn ? before.torn->text.size() : 0);
      for (auto rep = static_cast<std::uint32_t>(kept); rep < 2; ++rep) {
        journal.append(sample_of(rep));
      }
    }
    std::ifstream file(file_in(scratch));
    const Recording after = read_recording(file);
    ASSERT_EQ(after.samples, (std::vector{sample_of(0), sample_of(1)})) << "cut at byte " << size;
    ASSERT_EQ(after.plan, plan());
    ASSERT_FALSE(after.torn);
  }
}

}  // namespace
}  // namespace ub::record
