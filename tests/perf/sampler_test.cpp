#include "uringbench/perf/sampler.hpp"

#include <gmock/gmock.h>
#include <seccomp.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "support/in_child.hpp"
#include "uringbench/base/clock.hpp"

namespace ub::perf {
namespace {

constexpr std::uint64_t kBurnNs = 100'000'000;

void burn(std::uint64_t cpu_ns) {
  const std::uint64_t end = thread_cpu_ns() + cpu_ns;
  while (thread_cpu_ns() < end) {
  }
}

/// The profile of `work`; a skipped test when this machine cannot sample.
template <typename Work>
std::variant<Profile, Unavailable> profile_of(const SamplerOptions& options, const Work& work) {
  auto opened = Sampler::open(options);
  if (const auto* missing = std::get_if<Unavailable>(&opened)) return *missing;
  auto& sampler = std::get<Sampler>(opened);
  sampler.start();
  work();
  sampler.stop();
  return sampler.take();
}

std::uint64_t samples_of(const Profile& profile, pid_t tid) {
  return static_cast<std::uint64_t>(
      std::count_if(profile.samples.begin(), profile.samples.end(),
                    [tid](const StackSample& sample) { return sample.tid == tid; }));
}

TEST(Sampler, SeesThisThreadAndOneThatStartsLater) {
  pid_t later = 0;
  const std::uint64_t began_ns = now_ns();
  const auto result = profile_of({}, [&] {
    burn(kBurnNs);
    std::thread([&] {
      later = ::gettid();
      burn(kBurnNs);
    }).join();
  });
  if (const auto* missing = std::get_if<Unavailable>(&result)) GTEST_SKIP() << missing->reason;
  const auto& profile = std::get<Profile>(result);
  // 997 a second of CPU: 99.7 each. A busy host may delay the timer, never double it.
  EXPECT_GE(samples_of(profile, ::gettid()), 50U);
  EXPECT_GE(samples_of(profile, later), 50U);
  EXPECT_LE(profile.samples.size(), 400U);
  for (const StackSample& sample : profile.samples) {
    EXPECT_EQ(sample.pid, ::getpid());
    EXPECT_GE(sample.time_ns, began_ns);
    EXPECT_LE(sample.time_ns, now_ns());
    EXPECT_GT(sample.kernel_frames + sample.user_frames, 0U);
  }
}

/// A child of this process on one CPU, which does nothing but use it, until this goes.
class Burner {
 public:
  explicit Burner(int cpu) : child_(::fork()) {
    if (child_ != 0) return;
    pin_this_thread({cpu});
    ::alarm(60);
    for (;;) burn(kBurnNs);
  }
  Burner(const Burner&) = delete;
  Burner& operator=(const Burner&) = delete;
  ~Burner() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }

 private:
  pid_t child_;
};

TEST(Sampler, LeavesOutWhoElseRunsOnItsCpu) {
  const int cpu = allowed_cpus().front();
  const Burner burner(cpu);
  const auto result = profile_of({.cpus = {cpu}}, [cpu] {
    std::thread([cpu] {
      pin_this_thread({cpu});
      burn(kBurnNs);
    }).join();
  });
  if (const auto* missing = std::get_if<Unavailable>(&result)) GTEST_SKIP() << missing->reason;
  const auto& profile = std::get<Profile>(result);
  EXPECT_GE(profile.samples.size(), 50U);
  EXPECT_LE(profile.samples.size(), 200U);
  for (const StackSample& sample : profile.samples) EXPECT_EQ(sample.pid, ::getpid());
}

/// As if kernel.perf_event_paranoid were 1: own threads are permitted, whole CPUs are not.
void forbid_whole_cpus() {
  scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_ALLOW);
  const auto all_threads = SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffU, 0xffffffffU);
  ASSERT_EQ(
      ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(perf_event_open), 1, all_threads),
      0);
  ASSERT_EQ(::seccomp_load(filter), 0);
  ::seccomp_release(filter);
}

TEST(Sampler, FollowsThreadsWhereCpusAreForbidden) {
  const test::ChildReport report = test::in_child([]() -> std::string {
    forbid_whole_cpus();
    pid_t later = 0;
    const auto result = profile_of({.cpus = {allowed_cpus().front()}}, [&] {
      burn(kBurnNs);
      std::thread([&] {
        later = ::gettid();
        burn(kBurnNs);
      }).join();
    });
    if (const auto* missing = std::get_if<Unavailable>(&result)) return missing->reason;
    const auto& profile = std::get<Profile>(result);
    EXPECT_EQ(profile.events_on, EventsOn::threads);
    EXPECT_GE(samples_of(profile, ::gettid()), 50U);
    EXPECT_GE(samples_of(profile, later), 50U);
    return "";
  });
  EXPECT_EQ(report.status, 0);
  if (!report.text.empty()) GTEST_SKIP() << report.text;
}

TEST(Sampler, WeighsItsSamplesWithTheTimeBetweenThem) {
  const auto result = profile_of({}, [] { burn(2 * kBurnNs); });
  if (const auto* missing = std::get_if<Unavailable>(&result)) GTEST_SKIP() << missing->reason;
  const auto& profile = std::get<Profile>(result);
  if (profile.event != SampledEvent::cpu_clock) GTEST_SKIP() << "weights are cycles here, not ns";
  double total_ns = 0;
  for (const StackSample& sample : profile.samples) total_ns += static_cast<double>(sample.weight);
  EXPECT_GT(total_ns, 0.5 * 2 * kBurnNs);
  EXPECT_LT(total_ns, 1.5 * 2 * kBurnNs);
}

TEST(Sampler, TakesFewerByATimerThanByAPmu) {
  auto opened = Sampler::open({.frequency_hz = 997, .most_timer_hz = 499});
  if (const auto* missing = std::get_if<Unavailable>(&opened)) GTEST_SKIP() << missing->reason;
  const Profile profile = std::get<Sampler>(opened).take();
  EXPECT_EQ(profile.frequency_hz, profile.event == SampledEvent::cycles ? 997U : 499U);
}

TEST(Sampler, CountsWhatAFullRingLost) {
  // 64 KiB hold some hundred samples; at 10 kHz they are full long before the end.
  const auto result =
      profile_of({.frequency_hz = 10'000, .ring_bytes = 1U << 16U}, [] { burn(4 * kBurnNs); });
  if (const auto* missing = std::get_if<Unavailable>(&result)) GTEST_SKIP() << missing->reason;
  const auto& profile = std::get<Profile>(result);
  EXPECT_GT(profile.lost_in_kernel, 0U);
  EXPECT_GT(profile.samples.size(), 0U);
}

TEST(Sampler, LosesNothingWhenDrainedInBetween) {
  auto opened = Sampler::open({.frequency_hz = 10'000, .ring_bytes = 1U << 16U});
  if (const auto* missing = std::get_if<Unavailable>(&opened)) GTEST_SKIP() << missing->reason;
  auto& sampler = std::get<Sampler>(opened);
  sampler.start();
  for (int i = 0; i < 40; ++i) {
    burn(kBurnNs / 10);
    sampler.drain();
  }
  sampler.stop();
  const Profile profile = sampler.take();
  EXPECT_EQ(profile.lost(), 0U);
  EXPECT_GT(profile.samples.size(), 1000U);
}

TEST(Sampler, SeesNothingBeforeStartAndAfterStop) {
  auto opened = Sampler::open({});
  if (const auto* missing = std::get_if<Unavailable>(&opened)) GTEST_SKIP() << missing->reason;
  auto& sampler = std::get<Sampler>(opened);
  burn(kBurnNs / 5);
  const std::uint64_t started_ns = now_ns();
  sampler.start();
  burn(kBurnNs / 5);
  sampler.stop();
  const std::uint64_t stopped_ns = now_ns();
  burn(kBurnNs / 5);
  sampler.drain();
  const Profile profile = sampler.take();
  EXPECT_FALSE(profile.samples.empty());
  for (const StackSample& sample : profile.samples) {
    EXPECT_GE(sample.time_ns, started_ns);
    EXPECT_LE(sample.time_ns, stopped_ns);
  }
}

TEST(Sampler, SeesWholeCpus) {
  const CpuList cpus = allowed_cpus();
  const auto result = profile_of({.scope = SampleScope::cpus, .cpus = cpus}, [] { burn(kBurnNs); });
  if (const auto* missing = std::get_if<Unavailable>(&result)) GTEST_SKIP() << missing->reason;
  const auto& profile = std::get<Profile>(result);
  EXPECT_GE(samples_of(profile, ::gettid()), 50U);
  for (const StackSample& sample : profile.samples) {
    EXPECT_THAT(cpus, ::testing::Contains(static_cast<int>(sample.cpu)));
  }
}

TEST(Sampler, SaysWhichEventItTookAndWhy) {
  auto opened = Sampler::open({});
  if (const auto* missing = std::get_if<Unavailable>(&opened)) GTEST_SKIP() << missing->reason;
  const Profile profile = std::get<Sampler>(opened).take();
  EXPECT_EQ(profile.event == SampledEvent::cycles, profile.event_note.empty());
}

TEST(Sampler, IsUnavailableOnACpuThatIsNotThere) {
  const auto opened = Sampler::open({.scope = SampleScope::cpus, .cpus = {1023}});
  ASSERT_TRUE(std::holds_alternative<Unavailable>(opened));
}

}  // namespace
}  // namespace ub::perf
