#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/kernels.hpp"
#include "uringbench/base/affinity.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/model/case.hpp"
#include "uringbench/plan/builder.hpp"

namespace ub::plan {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

/// The sentence with which the options are refused; empty when they are not.
std::string refusal(const StudyOptions& options) {
  try {
    (void)build_plan(options, newest_kernel());
    return "";
  } catch (const UsageError& error) {
    return error.what();
  }
}

std::string with_size(std::uint64_t size_bytes) {
  StudyOptions options = small_study();
  options.factors["size"] = {std::to_string(size_bytes)};
  return refusal(options);
}

std::string with_clients(std::uint32_t clients) {
  StudyOptions options = small_study();
  options.factors["clients"] = {std::to_string(clients)};
  return refusal(options);
}

std::string with_batch(std::uint32_t batch) {
  StudyOptions options = small_study();
  options.factors["batch"] = {std::to_string(batch)};
  return refusal(options);
}

std::string with_duration(std::uint64_t duration_ns) {
  StudyOptions options = small_study();
  options.factors["duration"] = {std::to_string(duration_ns) + "ns"};
  return refusal(options);
}

constexpr std::uint64_t kMs = 1'000'000;

TEST(Ranges, Sizes) {
  EXPECT_EQ(with_size(0), "--size: '0' is out of range; 1 to 16M are accepted");
  EXPECT_EQ(with_size((16U << 20U) + 1),
            "--size: '16777217' is out of range; 1 to 16M are accepted");
  EXPECT_EQ(with_size(1), "");
  EXPECT_EQ(with_size(16U << 20U), "");
}

TEST(Ranges, Clients) {
  EXPECT_EQ(with_clients(0), "--clients: '0' is out of range; 1 to 10000 are accepted");
  EXPECT_EQ(with_clients(10'001), "--clients: '10001' is out of range; 1 to 10000 are accepted");
  EXPECT_EQ(with_clients(1), "");
  EXPECT_EQ(with_clients(10'000), "");
}

TEST(Ranges, Batch) {
  EXPECT_EQ(with_batch(0), "--batch: '0' is out of range; 1 to 1024 are accepted");
  EXPECT_EQ(with_batch(1025), "--batch: '1025' is out of range; 1 to 1024 are accepted");
  EXPECT_EQ(with_batch(1), "");
  EXPECT_EQ(with_batch(1024), "");
}

TEST(Ranges, Duration) {
  EXPECT_EQ(with_duration(9 * kMs),
            "--duration: '9ms' is out of range; 10ms to 3600s are accepted");
  EXPECT_THAT(with_duration(3'600'001 * kMs), StartsWith("--duration: "));
  EXPECT_EQ(with_duration(10 * kMs), "");
  EXPECT_EQ(with_duration(3'600'000 * kMs), "");
}

TEST(Ranges, TheOthers) {
  StudyOptions options = small_study();
  options.reps = 0;
  EXPECT_EQ(refusal(options), "--reps: '0' is out of range; 1 to 10000 are accepted");
  options = small_study();
  options.factors["fields"] = {"65"};
  EXPECT_EQ(refusal(options), "--fields: '65' is out of range; 1 to 64 are accepted");
  options = small_study();
  options.factors["warmup"] = {"3601s"};
  EXPECT_EQ(refusal(options), "--warmup: '3601s' is out of range; 0s to 3600s are accepted");
  options = small_study();
  options.factors["working-set"] = {"0"};
  EXPECT_EQ(refusal(options), "--working-set: '0' is out of range; 1 to 64G are accepted");
  options.factors["working-set"] = {"68719476737"};
  EXPECT_THAT(refusal(options), StartsWith("--working-set: '68719476737' is out of range"));
}

TEST(Ranges, NothingAndTheSameTwiceAreRefused) {
  StudyOptions options = small_study();
  options.factors["size"] = {};
  EXPECT_THAT(refusal(options), StartsWith("--size: needs at least one"));
  options.factors["size"] = {"64", "128", "64"};
  EXPECT_EQ(refusal(options), "--size: '64' is named twice; name each value once");
  options = small_study();
  options.factors["clients"] = {};
  EXPECT_THAT(refusal(options), StartsWith("--clients: needs at least one"));
  options.factors["clients"] = {"8", "8"};
  EXPECT_EQ(refusal(options), "--clients: '8' is named twice; name each value once");
}

TEST(Ranges, ACongestionControlThatTheKernelLacksIsRefusedWithThoseItHas) {
  StudyOptions options = small_study();
  options.factors["congestion"] = {"nosuch"};
  EXPECT_THAT(refusal(options),
              AllOf(StartsWith("--congestion: "), HasSubstr("'nosuch'"), HasSubstr("reno")));
  options.factors["congestion"] = {"reno"};  // built into every kernel, and free for every user
  EXPECT_EQ(refusal(options), "");
}

TEST(Ranges, ABufferThatTheKernelWouldCutIsRefused) {
  StudyOptions options = small_study();
  options.factors["send-buffer"] = {"1099511627776"};
  EXPECT_THAT(refusal(options), StartsWith("--send-buffer: "));
  options = small_study();
  options.factors["receive-buffer"] = {"1073741824"};
  EXPECT_THAT(refusal(options),
              AllOf(StartsWith("--receive-buffer: "), HasSubstr("net.core.rmem_max")));
  options = small_study();
  options.factors["client-lowat"] = {"1073741824"};
  EXPECT_THAT(refusal(options), StartsWith("--client-lowat: "));
}

TEST(Ranges, CpusThatThisProcessMayNotUseAreRefusedWithThoseItMay) {
  const std::string allowed = format_cpu_list(allowed_cpus());
  for (const std::string bad : {"1023", "x", "", "0-", "-1", "3-1", "0,", "99999"}) {
    StudyOptions options = small_study();
    options.factors["server-cpus"] = {bad};
    EXPECT_EQ(refusal(options), "--server-cpus: '" + bad +
                                    "' is not a list of CPUs this process may use; it may use " +
                                    allowed);
    options = small_study();
    options.factors["client-cpus"] = {bad};
    EXPECT_THAT(refusal(options), StartsWith("--client-cpus: '" + bad + "' is not a list"));
  }
}

std::string over_tcp_sink(StudyOptions options) {
  options.factors["link"] = {"tcp-sink"};
  return refusal(options);
}

TEST(Ranges, ATcpSinkTakesWhatItCan) {
  StudyOptions options = small_study();
  EXPECT_EQ(over_tcp_sink(options), "");
  options.factors["clients"] = {"16"};
  options.factors["mtu"] = {"1500"};
  EXPECT_EQ(over_tcp_sink(options), "");
  options.factors["clients"] = {"17"};
  EXPECT_THAT(over_tcp_sink(options),
              AllOf(HasSubstr("--clients 17"), HasSubstr("it may be 16 at most")));
}

TEST(Ranges, ATcpSinkHasNobodyWhoReadsAsksOrAccepts) {
  StudyOptions options = small_study();
  options.factors["verify"] = {"on"};
  EXPECT_THAT(over_tcp_sink(options), StartsWith("--verify: nothing arrives"));
  options = small_study();
  options.factors["workload"] = {"rr"};
  EXPECT_THAT(over_tcp_sink(options), StartsWith("--link tcp-sink with --workload rr"));
  options = small_study({"uring"});
  options.factors["reactors"] = {"2"};
  EXPECT_THAT(over_tcp_sink(options), StartsWith("--link tcp-sink with --reactors"));
  options = small_study();
  options.factors["transport"] = {"tcp6"};
  EXPECT_EQ(over_tcp_sink(options), "--link tcp-sink with --transport tcp6: it carries tcp alone");
}

TEST(Ranges, ATcpSinkHasNoDelay) {
  StudyOptions options = small_study();
  options.factors["link-delay"] = {"1000000ns"};
  EXPECT_THAT(over_tcp_sink(options),
              StartsWith("--link-delay: tcp-sink has no delay; add --link veth"));
}

}  // namespace
}  // namespace ub::plan
