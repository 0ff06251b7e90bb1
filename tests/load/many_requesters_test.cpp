#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "answering_server.hpp"
#include "uringbench/load/crew.hpp"
#include "uringbench/net/limits.hpp"

namespace ub::load {
namespace {

/// The server's side, in a process of its own: one process would need twice the descriptors.
int serve(int listener, const Case& the_case) {
  std::vector<UniqueFd> sockets;
  while (sockets.size() < the_case.clients) {
    sockets.emplace_back(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
    if (!sockets.back()) return 1;
  }
  Answerer answerer(the_case);
  answerer(sockets);
  return answerer.most_outstanding() == the_case.depth ? 0 : 2;
}

class ManyRequestersTest : public testing::TestWithParam<double> {};

TEST_P(ManyRequestersTest, TenThousandClientsGetAnAnswerEach) {
  Case c = asking_case(kMaxClients);
  c.rate_per_s = GetParam();
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  if (limit.rlim_max < kMaxClients + 100) {
    GTEST_SKIP() << "RLIMIT_NOFILE (hard) is " << limit.rlim_max << ", below " << kMaxClients + 100;
  }
  net::require_file_descriptors(kMaxClients + 50);
  net::Listener listener = net::listen_on({"127.0.0.1", 0}, {}, kMaxClients);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) ::_exit(serve(listener.fd.get(), c));
  listener.fd.reset();
  {
    Crew requester({.the_case = c, .server = listener.endpoint});
    requester.start();
    requester.go();
    EXPECT_TRUE(eventually([&] { return requester.counts().responses >= 2ULL * kMaxClients; }));
    EXPECT_EQ(requester.finish(soon()), Ending::all_closed);
    const Counts counts = requester.counts();
    EXPECT_EQ(counts.failure, "");
    EXPECT_EQ(counts.requests, counts.responses);
    EXPECT_EQ(counts.ended, kMaxClients);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

INSTANTIATE_TEST_SUITE_P(Loops, ManyRequestersTest, testing::Values(0.0, 20'000.0));

}  // namespace
}  // namespace ub::load
