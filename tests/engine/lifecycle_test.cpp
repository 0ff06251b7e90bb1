// Every order of the controlling thread's calls ends well.
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <vector>

#include "contract.hpp"
#include "process_state.hpp"
#include "raw_client.hpp"
#include "session.hpp"

namespace ub::engine {
namespace {

class LifecycleTest : public ContractTest {};

TEST_P(LifecycleTest, FinishingWithoutAStartSendsNothing) {
  Case c = case_of(GetParam());
  c.clients = 3;
  Session session(c);
  session.read();
  EXPECT_TRUE(session.server().accepted(3));
  const Books books = session.finish();
  expect_balanced(c, books);
  EXPECT_EQ(books.engine.sends.operations, 0U);
}

TEST_P(LifecycleTest, ClientsAcceptedAfterTheStartAreServed) {
  const Case c = case_of(GetParam());
  Server server(c);
  server->go();
  load::Crew receiver({.the_case = c, .server = server.endpoint()});
  receiver.start();
  EXPECT_TRUE(server.sent(1U << 20U));
  server->finish(soon());
  EXPECT_EQ(receiver.finish(soon()), load::Ending::all_closed);
  expect_balanced(c, {server->counts(), receiver.counts()});
}

TEST_P(LifecycleTest, AnEngineThatIsDestroyedEndsAtOnce) {
  probe();
  const ProcessState before = ProcessState::now();
  {
    Case c = case_of(GetParam());
    c.clients = 2;
    Server server(c);
    RawClient first(c, server.endpoint());
    const RawClient second(c, server.endpoint());
    EXPECT_TRUE(server.accepted(2));
    server->go();
    EXPECT_TRUE(server.sent(c.size_bytes));
  }
  EXPECT_TRUE(back_to(before));
}

TEST_P(LifecycleTest, AnEngineNeedNoClientToEnd) {
  Server server(case_of(GetParam()));
  server->finish(soon());
  EXPECT_EQ(server->counts().failure, "");
  EXPECT_EQ(server->counts().accepted, 0U);
}

TEST_P(LifecycleTest, FinishingTwiceIsFinishingOnce) {
  const Case c = case_of(GetParam());
  Session session(c);
  session.go();
  EXPECT_TRUE(session.server().sent(c.size_bytes));
  const Books books = session.finish();
  session.server()->finish(soon());
  EXPECT_EQ(session.server()->counts().failure, "");
  EXPECT_EQ(session.server()->counts().sends, books.engine.sends);
}

TEST_P(LifecycleTest, CountsMayBeReadAllTheTimeAndNeverRunBackwards) {
  const Case c = case_of(GetParam());
  Session session(c);
  session.go();
  EngineCounts before;
  EXPECT_TRUE(eventually([&] {
    const EngineCounts now = session.server()->counts();
    EXPECT_GE(now.sends.bytes, before.sends.bytes);
    EXPECT_GE(now.sends.operations, before.sends.operations);
    EXPECT_LE(now.zero_copy.real + now.zero_copy.copied, now.zero_copy.sends);
    EXPECT_EQ(now.zero_copy.real + now.zero_copy.copied + now.zero_copy.unreported,
              now.zero_copy.sends);
    before = now;
    return now.sends.bytes > 4U << 20U;
  }));
  expect_balanced(c, session.finish());
}

/// Bounds the descriptors of this process for as long as it lives. The kernel reads the limit when
/// an accept is armed (io_accept_prep()), so it must be low before, and used up after.
class FewDescriptors {
 public:
  FewDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    constexpr rlim_t kEnoughForAServer = 32;
    const UniqueFd lowest_free(::dup(STDERR_FILENO));
    const rlimit few{static_cast<rlim_t>(lowest_free.get()) + kEnoughForAServer, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &few);
  }
  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;
  ~FewDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

  void use_up() {
    do {
      used_.emplace_back(::dup(STDERR_FILENO));
    } while (used_.back());
  }

  void give_back() { used_.clear(); }

 private:
  rlimit before_{};
  std::vector<UniqueFd> used_;
};

TEST_P(LifecycleTest, AClientThatCannotBeAcceptedIsNamed) {
  FewDescriptors descriptors;
  Server server(case_of(GetParam()));
  const UniqueFd client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server.endpoint().port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  descriptors.use_up();
  ASSERT_EQ(::connect(client.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_TRUE(eventually([&] { return !server->counts().failure.empty(); }));
  descriptors.give_back();  // the undefined-behaviour sanitizer checks a pointer through a pipe
  EXPECT_THAT(server->counts().failure,
              testing::AllOf(testing::HasSubstr("accepting a client: EMFILE"),
                             testing::HasSubstr("ulimit -n")));
  server->finish(soon());
}

INSTANTIATE_TEST_SUITE_P(Contract, LifecycleTest, testing::ValuesIn(every_pair()), name_of_pair);

}  // namespace
}  // namespace ub::engine
