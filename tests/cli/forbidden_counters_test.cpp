// Where counting is forbidden, as for most users of most machines: reasons, and never a zero.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>

#include "program.hpp"
#include "support/scratch.hpp"
#include "uringbench/model/json.hpp"

namespace ub::cli {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr uid_t kNobody = 65534;
constexpr const char* kOwnThreads = "sysctl kernel.perf_event_paranoid=1";
constexpr const char* kWholeCpus = "sysctl kernel.perf_event_paranoid=0";

/// Counted by perf_event_open(2), and more than nothing in any window in which anything ran.
constexpr std::array kNeverZero{"cycles", "instructions", "ref_cycles", "task_clock"};

/// The program where an ordinary user can reach it, with what it takes to hinder it.
class Hindered {
 public:
  Hindered() {
    EXPECT_EQ(::chmod(scratch_.path().c_str(), 0755), 0);
    for (const char* program : {URINGBENCH_PROGRAM, URINGBENCH_SECCOMP_EXEC}) {
      const std::filesystem::path from(program);
      std::filesystem::copy_file(from, scratch_.path() / from.filename());
    }
    std::ofstream(scratch_.path() / "level") << "3\n";
  }

  /// As an ordinary user on Debian's kernel at level 3, which refuses every event with EACCES.
  [[nodiscard]] Ended at_level_3(const std::vector<std::string>& arguments) const {
    Surroundings surroundings = ordinary_user();
    surroundings.refused_calls = {"perf_event_open"};
    surroundings.refused_with = EACCES;
    surroundings.filter_program = scratch_.path() / "seccomp_exec";
    surroundings.paranoid_file = scratch_.path() / "level";
    return run(arguments, surroundings);
  }

  /// As an ordinary user of this machine, whatever its level.
  [[nodiscard]] Ended as_it_is(const std::vector<std::string>& arguments) const {
    return run(arguments, ordinary_user());
  }

 private:
  [[nodiscard]] static Surroundings ordinary_user() {
    Surroundings surroundings;
    if (::geteuid() == 0) surroundings.user = kNobody;
    surroundings.directory = "/";
    return surroundings;
  }

  [[nodiscard]] Ended run(std::vector<std::string> arguments,
                          const Surroundings& surroundings) const {
    arguments.insert(arguments.begin(), scratch_.path() / "uringbench");
    return Program(std::move(arguments), surroundings).wait();
  }

  test::Scratch scratch_;
};

std::vector<std::string> brief(std::vector<std::string> arguments) {
  for (const char* word : {"--size", "4K", "--duration", "100ms", "--warmup", "20ms"}) {
    arguments.emplace_back(word);
  }
  return arguments;
}

std::vector<Json> samples_of(const std::string& jsonl, std::string_view purpose) {
  std::vector<Json> samples;
  for (const std::string& line : split_lines(jsonl)) {
    const Json record = Json::parse(line);
    if (record.at("record") != "sample" || record.at("case").at("purpose") != purpose) continue;
    EXPECT_EQ(record.at("status"), "valid") << record.at("reason");
    samples.push_back(record);
  }
  return samples;
}

/// What getrusage(2) counts for everybody.
bool is_accounted_by_kernel(const std::string& counter) {
  return counter.starts_with("context_switches") || counter.starts_with("page_faults");
}

void expect_refused(const Json& reading, const std::string& name, const char* mend) {
  ASSERT_TRUE(reading.contains("unavailable")) << name << ": " << reading;
  EXPECT_FALSE(reading.contains("value")) << name;
  EXPECT_THAT(reading.at("unavailable").get<std::string>(),
              AllOf(HasSubstr("EACCES"), HasSubstr("kernel.perf_event_paranoid=3"), HasSubstr(mend),
                    HasSubstr("CAP_PERFMON")))
      << name;
}

#define SKIP_UNLESS_ARRANGED(ended)                                \
  if ((ended).status == kNotArranged) GTEST_SKIP() << (ended).err; \
  ASSERT_EQ((ended).status, 0) << (ended).err

TEST(ForbiddenCounters, AreReasonsInEverySampleOfBothRoles) {
  const Hindered hindered;
  const Ended ended = hindered.at_level_3(
      brief({"--mode", "pthread", "--reps", "3", "--profile", "--format", "jsonl"}));
  SKIP_UNLESS_ARRANGED(ended);
  const auto samples = samples_of(ended.out, "comparison");
  ASSERT_EQ(samples.size(), 3U);  // one for each set of counters
  for (const Json& sample : samples) {
    for (const char* role : {"server", "client"}) {
      for (const auto& [name, reading] : sample.at(role).at("counters").items()) {
        if (!is_accounted_by_kernel(name)) expect_refused(reading, name, kOwnThreads);
      }
      for (const auto& [name, reading] : sample.at(role).at("cpus").at("counters").items()) {
        expect_refused(reading, name, kWholeCpus);
      }
    }
  }
  const auto profiled = samples_of(ended.out, "profile");
  ASSERT_EQ(profiled.size(), 3U);
  for (const Json& sample : profiled) {
    for (const char* role : {"server", "client"}) {
      expect_refused(sample.at(role).at("profile"), "profile", kOwnThreads);
      EXPECT_FALSE(sample.at(role).at("profile").contains("ledger"));
    }
  }
}

TEST(ForbiddenCounters, EndAProfiledRunWithOneSentence) {
  const Hindered hindered;
  const Ended ended = hindered.at_level_3(brief({"--mode", "pthread", "--reps", "1", "--profile"}));
  SKIP_UNLESS_ARRANGED(ended);
  const auto said = split_lines(ended.err);
  ASSERT_FALSE(said.empty());
  EXPECT_THAT(said.back(),
              AllOf(HasSubstr("--profile: no ledger"), HasSubstr("kernel.perf_event_paranoid=3"),
                    HasSubstr(kOwnThreads)));
}

TEST(ForbiddenCounters, EndAnExplanationWithOneSentenceAndNoTable) {
  const Hindered hindered;
  const Ended ended =
      hindered.at_level_3(brief({"explain", "--mode", "pthread,epoll", "--reps", "1"}));
  SKIP_UNLESS_ARRANGED(ended);
  std::string words = ended.out;  // the sentence may be wrapped anywhere
  std::replace(words.begin(), words.end(), '\n', ' ');
  EXPECT_THAT(words, AllOf(HasSubstr("is not known"), HasSubstr("kernel.perf_event_paranoid=3"),
                           HasSubstr(kOwnThreads)));
  EXPECT_THAT(words, AllOf(Not(HasSubstr("ns/msg")), Not(HasSubstr("copies a payload byte"))));
}

TEST(ForbiddenCounters, AreListedByProbe) {
  const Hindered hindered;
  const Ended ended = hindered.at_level_3({"probe", "--json"});
  SKIP_UNLESS_ARRANGED(ended);
  std::size_t seen = 0;
  const Json features = Json::parse(ended.out).at("features");
  for (const Json& feature : features) {
    const auto name = feature.at("name").get<std::string>();
    const bool counter = name.starts_with("counter ") && !is_accounted_by_kernel(name.substr(8));
    if (!counter && !name.starts_with("sampler ")) continue;
    ++seen;
    EXPECT_EQ(feature.at("supported"), "no") << name;
    EXPECT_THAT(feature.at("detail").get<std::string>(),
                AllOf(HasSubstr("kernel.perf_event_paranoid=3"),
                      HasSubstr(name == "sampler cpus" ? kWholeCpus : kOwnThreads)))
        << name;
  }
  EXPECT_GE(seen, 12U);
}

/// At this machine's own level: a whole count, or a reason with its errno; half a count (user mode
/// alone) and nothing are neither.
TEST(OrdinaryUser, GetsCountsOrReasons) {
  const Hindered hindered;
  const Ended ended = hindered.as_it_is(
      brief({"--mode", "pthread", "--reps", "3", "--profile", "--format", "jsonl"}));
  SKIP_UNLESS_ARRANGED(ended);
  for (const Json& sample : samples_of(ended.out, "comparison")) {
    for (const char* role : {"server", "client"}) {
      const Json& usage = sample.at(role);
      for (const Json* counters : {&usage.at("counters"), &usage.at("cpus").at("counters")}) {
        for (const auto& [name, reading] : counters->items()) {
          if (reading.contains("unavailable")) {
            EXPECT_THAT(reading.at("unavailable").get<std::string>(),
                        testing::ContainsRegex("^E[A-Z0-9]+ \\(.*: .+"))
                << name;
          } else if (std::find(kNeverZero.begin(), kNeverZero.end(), name) != kNeverZero.end()) {
            EXPECT_GT(reading.at("value").get<double>(), 0) << name;
          }
        }
      }
    }
  }
  for (const Json& sample : samples_of(ended.out, "profile")) {
    const Json& profile = sample.at("server").at("profile");
    if (profile.contains("unavailable")) {
      EXPECT_THAT(profile.at("unavailable").get<std::string>(), HasSubstr("perf_event_paranoid"));
    } else {
      EXPECT_GT(profile.at("ledger").at("samples").get<int>(), 0);
    }
  }
}

}  // namespace
}  // namespace ub::cli
