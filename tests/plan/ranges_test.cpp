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
  options.sizes_bytes = {size_bytes};
  return refusal(options);
}

std::string with_clients(std::uint32_t clients) {
  StudyOptions options = small_study();
  options.clients = {clients};
  return refusal(options);
}

std::string with_batch(std::uint32_t batch) {
  StudyOptions options = small_study();
  options.batch = batch;
  return refusal(options);
}

std::string with_duration(std::uint64_t duration_ns) {
  StudyOptions options = small_study();
  options.duration_ns = duration_ns;
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
  options.fields = 65;
  EXPECT_EQ(refusal(options), "--fields: '65' is out of range; 1 to 64 are accepted");
  options = small_study();
  options.warmup_ns = 3'601'000 * kMs;
  EXPECT_EQ(refusal(options), "--warmup: '3601s' is out of range; 0s to 3600s are accepted");
  options = small_study();
  options.working_set_bytes = 0;
  EXPECT_EQ(refusal(options), "--working-set: '0' is out of range; 1 to 64G are accepted");
  options.working_set_bytes = (64ULL << 30U) + 1;
  EXPECT_THAT(refusal(options), StartsWith("--working-set: '68719476737' is out of range"));
}

TEST(Ranges, NothingAndTheSameTwiceAreRefused) {
  StudyOptions options = small_study();
  options.sizes_bytes = {};
  EXPECT_THAT(refusal(options), StartsWith("--size: needs at least one"));
  options.sizes_bytes = {64, 128, 64};
  EXPECT_EQ(refusal(options), "--size: '64' is named twice; name each value once");
  options = small_study();
  options.clients = {};
  EXPECT_THAT(refusal(options), StartsWith("--clients: needs at least one"));
  options.clients = {8, 8};
  EXPECT_EQ(refusal(options), "--clients: '8' is named twice; name each value once");
}

TEST(Ranges, ACongestionControlThatTheKernelLacksIsRefusedWithThoseItHas) {
  StudyOptions options = small_study();
  options.congestion = "nosuch";
  EXPECT_THAT(refusal(options),
              AllOf(StartsWith("--congestion: "), HasSubstr("'nosuch'"), HasSubstr("reno")));
  options.congestion = "reno";  // built into every kernel, and free for every user
  EXPECT_EQ(refusal(options), "");
}

TEST(Ranges, ABufferThatTheKernelWouldCutIsRefused) {
  StudyOptions options = small_study();
  options.send_buffer_bytes = 1ULL << 40U;
  EXPECT_THAT(refusal(options), StartsWith("--send-buffer: "));
  options = small_study();
  options.receive_buffer_bytes = 1ULL << 30U;
  EXPECT_THAT(refusal(options),
              AllOf(StartsWith("--receive-buffer: "), HasSubstr("net.core.rmem_max")));
  options = small_study();
  options.client_lowat_bytes = 1ULL << 30U;
  EXPECT_THAT(refusal(options), StartsWith("--client-lowat: "));
}

TEST(Ranges, CpusThatThisProcessMayNotUseAreRefusedWithThoseItMay) {
  const std::string allowed = format_cpu_list(allowed_cpus());
  for (const std::string bad : {"1023", "x", "", "0-", "-1", "3-1", "0,", "99999"}) {
    StudyOptions options = small_study();
    options.server_cpus = bad;
    EXPECT_EQ(refusal(options), "--server-cpus: '" + bad +
                                    "' is not a list of CPUs this process may use; it may use " +
                                    allowed);
    options = small_study();
    options.client_cpus = bad;
    EXPECT_THAT(refusal(options), StartsWith("--client-cpus: '" + bad + "' is not a list"));
  }
}

std::string over_tcp_sink(StudyOptions options) {
  options.links = {Link::tcp_sink};
  return refusal(options);
}

TEST(Ranges, ATcpSinkTakesWhatItCan) {
  StudyOptions options = small_study();
  EXPECT_EQ(over_tcp_sink(options), "");
  options.clients = {16};
  options.device.mtu_bytes = 1500;
  EXPECT_EQ(over_tcp_sink(options), "");
  options.clients = {17};
  EXPECT_THAT(over_tcp_sink(options),
              AllOf(HasSubstr("--clients 17"), HasSubstr("it may be 16 at most")));
}

TEST(Ranges, ATcpSinkHasNobodyWhoReadsAsksOrAccepts) {
  StudyOptions options = small_study();
  options.verify = Switch::on;
  EXPECT_THAT(over_tcp_sink(options), StartsWith("--verify: nothing arrives"));
  options = small_study();
  options.workload = Workload::rr;
  EXPECT_THAT(over_tcp_sink(options), StartsWith("--link tcp-sink with --workload rr"));
  options = small_study({"uring"});
  options.reactors = {2};
  EXPECT_THAT(over_tcp_sink(options), StartsWith("--link tcp-sink with --reactors"));
  options = small_study();
  options.transports = {Transport::tcp6};
  EXPECT_EQ(over_tcp_sink(options), "--link tcp-sink with --transport tcp6: it carries tcp alone");
}

TEST(Ranges, ATcpSinkHasNoDelay) {
  StudyOptions options = small_study();
  options.device.delay_ns = 1'000'000;
  EXPECT_THAT(over_tcp_sink(options), StartsWith("--link-delay: only veth"));
}

}  // namespace
}  // namespace ub::plan
