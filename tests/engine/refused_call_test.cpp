// What the kernel refuses in mid-run is a failure of the sample, with its errno, and no end of the
// program.
#include <seccomp.h>

#include <cerrno>
#include <optional>
#include <string>

#include "contract.hpp"
#include "raw_client.hpp"
#include "session.hpp"
#include "support/in_child.hpp"

namespace ub::engine {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// A call that fails with `error` from now on, in all threads of this process.
void refuse(std::initializer_list<int> calls, int error) {
  scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_ALLOW);
  ASSERT_EQ(::seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1), 0);
  for (const int call : calls) {
    ASSERT_EQ(::seccomp_rule_add(filter, SCMP_ACT_ERRNO(static_cast<unsigned>(error)), call, 0), 0);
  }
  ASSERT_EQ(::seccomp_load(filter), 0);
  ::seccomp_release(filter);
}

/// What the server has to do after the refusal.
enum class Then { go, another_client };

/// The failure of a server to which something is refused once a client is there, and which then
/// sends and finishes.
std::string failure_in_mid_run(EngineKind engine, std::initializer_list<int> calls, int error,
                               Then then = Then::go) {
  const test::ChildReport report = test::in_child([&] {
    Case c = case_of({engine, path::find("two-copy")});
    c.clients = 2;
    Server server(c);
    const RawClient first(c, server.endpoint());
    EXPECT_TRUE(server.accepted(1));
    refuse(calls, error);
    std::optional<RawClient> second;
    if (then == Then::another_client) second.emplace(c, server.endpoint());
    server->go();
    EXPECT_TRUE(eventually([&] { return !server->counts().failure.empty(); }));
    server->finish(now_ns());
    return server->counts().failure;
  });
  EXPECT_EQ(report.status, 0) << report.text;
  return report.text;
}

TEST(RefusedCallTest, ARingThatMayNotBeEntered) {
  if (!probe().of(uring::Feature::ring).present()) GTEST_SKIP() << "no io_uring here";
  EXPECT_THAT(failure_in_mid_run(EngineKind::uring, {SCMP_SYS(io_uring_enter)}, EPERM),
              AllOf(HasSubstr("io_uring_enter: EPERM"), HasSubstr("seccomp")));
  EXPECT_THAT(failure_in_mid_run(EngineKind::uring, {SCMP_SYS(io_uring_enter)}, ENOMEM),
              AllOf(HasSubstr("io_uring_enter: ENOMEM"), HasSubstr("memory")));
}

TEST(RefusedCallTest, AnEpollInstanceThatTakesNoMore) {
  EXPECT_THAT(
      failure_in_mid_run(EngineKind::epoll, {SCMP_SYS(epoll_ctl)}, ENOSPC, Then::another_client),
      AllOf(HasSubstr("epoll_ctl: ENOSPC"), HasSubstr("max_user_watches")));
  EXPECT_THAT(
      failure_in_mid_run(EngineKind::epoll, {SCMP_SYS(epoll_ctl)}, ENOMEM, Then::another_client),
      HasSubstr("epoll_ctl: ENOMEM"));
}

TEST(RefusedCallTest, AnEpollInstanceThatMayNotBeWaitedFor) {
  EXPECT_THAT(
      failure_in_mid_run(EngineKind::epoll, {SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait)}, ENOMEM),
      HasSubstr("epoll_wait: ENOMEM"));
}

TEST(RefusedCallTest, AThreadOfAClient) {
  EXPECT_THAT(failure_in_mid_run(EngineKind::pthread, {SCMP_SYS(clone), SCMP_SYS(clone3)}, EAGAIN,
                                 Then::another_client),
              AllOf(HasSubstr("starting the thread of client 1: EAGAIN"),
                    HasSubstr("kernel.threads-max is")));
}

TEST(RefusedCallTest, AnAcceptorThatMayNotWait) {
  EXPECT_THAT(failure_in_mid_run(EngineKind::pthread, {SCMP_SYS(poll), SCMP_SYS(ppoll)}, ENOMEM),
              HasSubstr("poll: ENOMEM"));
}

TEST(RefusedCallTest, AThreadOfALoopEndsTheSetUp) {
  const test::ChildReport report = test::in_child([]() -> std::string {
    refuse({SCMP_SYS(clone), SCMP_SYS(clone3)}, EAGAIN);
    try {
      const Server server(case_of({EngineKind::epoll, path::find("two-copy")}));
    } catch (const SetupError& error) {
      return error.what();
    }
    return "started";
  });
  EXPECT_EQ(report.status, 0);
  EXPECT_THAT(report.text, AllOf(HasSubstr("starting the engine's thread: EAGAIN"),
                                 HasSubstr("kernel.threads-max is")));
}

}  // namespace
}  // namespace ub::engine
