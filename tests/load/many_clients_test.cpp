#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test_server.hpp"
#include "uringbench/load/crew.hpp"
#include "uringbench/net/limits.hpp"

namespace ub::load {
namespace {

/// The server's side, in a process of its own: one process would need twice the descriptors. 0 when
/// every client got its message.
int serve(int listener, const Case& the_case) {
  const auto message = stream_of(the_case, 1);
  std::vector<UniqueFd> sockets;
  while (sockets.size() < the_case.clients) {
    sockets.emplace_back(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
    if (!sockets.back()) return 1;
  }
  for (const UniqueFd& socket : sockets) {
    if (!send_all(socket.get(), message)) return 2;
  }
  return 0;
}

TEST(ManyClientsTest, TenThousandClientsReceiveEveryByte) {
  const Case c = small_case(kMaxClients);
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
    Crew receiver({.the_case = c, .server = listener.endpoint});
    receiver.start();
    EXPECT_EQ(receiver.finish(soon()), Ending::all_closed);
    EXPECT_EQ(receiver.counts().received_bytes, c.size_bytes * kMaxClients);
    EXPECT_EQ(receiver.counts().ended, kMaxClients);
    EXPECT_EQ(receiver.counts().failure, "");
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace ub::load
