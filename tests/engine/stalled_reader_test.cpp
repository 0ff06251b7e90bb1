// finish() keeps its deadline, whatever the peers do.
#include <cerrno>

#include "contract.hpp"
#include "process_state.hpp"
#include "raw_client.hpp"
#include "session.hpp"

namespace ub::engine {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t kMillisecond = 1'000'000;

/// A message that its sockets cannot hold, so that its operation can only end if someone reads.
Case too_large_for_its_sockets(const Pair& pair) {
  Case c = case_of(pair);
  c.size_bytes = 4U << 20U;
  c.send_buffer_bytes = 64U << 10U;
  c.receive_buffer_bytes = 64U << 10U;
  return c;
}

class StalledReaderTest : public ContractTest {
 protected:
  void SetUp() override {
    ContractTest::SetUp();
    if (!GetParam().sends()) GTEST_SKIP() << "sends nothing, so it cannot stall";
  }

  /// Finishes with a deadline; it may be late only by what breaking off costs.
  static void finish_in_time(Engine& engine, std::uint64_t within_ms = 100) {
    const std::uint64_t deadline = now_ns() + within_ms * kMillisecond;
    engine.finish(deadline);
    EXPECT_LT(now_ns(), deadline + 5'000 * kMillisecond);
  }
};

TEST_P(StalledReaderTest, IsBrokenOffAtTheDeadlineAndNamed) {
  probe();
  const ProcessState before = ProcessState::now();
  {
    const Case c = too_large_for_its_sockets(GetParam());
    Server server(c);
    RawClient stalled(c, server.endpoint());
    EXPECT_TRUE(server.accepted(1));
    server->go();
    EXPECT_TRUE(eventually([&] { return server->counts().sends.operations > 0; }));
    finish_in_time(*server.operator->());
    EXPECT_THAT(server->counts().failure, HasSubstr("1 connection did not take the data"));
    EXPECT_THAT(server->counts().failure, HasSubstr("the reader stalled or vanished"));
  }
  EXPECT_TRUE(back_to(before)) << "a thread or a descriptor is left";
}

/// The others end in good order meanwhile.
TEST_P(StalledReaderTest, HarmsNobodyElse) {
  Case c = too_large_for_its_sockets(GetParam());
  c.clients = 3;
  Session session(c, 2);
  const RawClient stalled(c, session.server().endpoint());
  session.go();
  EXPECT_TRUE(eventually([&] { return session.receiver().counts().received_bytes > 20U << 20U; }));
  // Long enough for the others to take what is under way, also on a machine that is busy.
  finish_in_time(*session.server().operator->(), 1'000);
  EXPECT_EQ(session.receiver().finish(soon()), load::Ending::all_closed);
  EXPECT_THAT(session.server()->counts().failure, HasSubstr("1 connection did not"));
  EXPECT_EQ(session.receiver().counts().failure, "");
}

/// Nothing that was broken off is sent behind the engine's back: its messages are gone by then.
TEST_P(StalledReaderTest, FindsItsConnectionReset) {
  const Case c = too_large_for_its_sockets(GetParam());
  std::optional<Server> server(c);
  RawClient stalled(c, server->endpoint());
  EXPECT_TRUE(server->accepted(1));
  (*server)->go();
  EXPECT_TRUE(eventually([&] { return (*server)->counts().sends.operations > 0; }));
  finish_in_time(*server->operator->());
  server.reset();
  EXPECT_FALSE(stalled.read(c.size_bytes));
  EXPECT_EQ(errno, ECONNRESET);
}

INSTANTIATE_TEST_SUITE_P(Contract, StalledReaderTest, testing::ValuesIn(every_pair()),
                         name_of_pair);

}  // namespace
}  // namespace ub::engine
