// A peer that goes away costs its own connection and no other.
#include "contract.hpp"
#include "process_state.hpp"
#include "raw_client.hpp"
#include "session.hpp"

namespace ub::engine {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

enum class Leaving { by_reset, by_close };

class LostPeerTest : public ContractTest {
 protected:
  void SetUp() override {
    ContractTest::SetUp();
    if (!GetParam().sends()) GTEST_SKIP() << "sends nothing, so it cannot notice";
  }

  /// Three clients of whom the third is of no good.
  static Case three_clients() {
    Case c = case_of(GetParam());
    c.clients = 3;
    return c;
  }

  static void leave(RawClient& client, Leaving how) {
    how == Leaving::by_reset ? client.reset() : client.close();
  }

  /// The failure is named; the two other streams go on, and end well.
  static void expect_others_unharmed(Session& session, std::uint64_t lost_most) {
    Server& server = session.server();
    ASSERT_TRUE(eventually([&] { return !server->counts().failure.empty(); }));
    const std::uint64_t received = session.receiver().counts().received_bytes;
    EXPECT_TRUE(eventually(
        [&] { return session.receiver().counts().received_bytes >= received + (2U << 20U); }));
    const Books books = session.finish();
    EXPECT_THAT(books.engine.failure, HasSubstr("send failed: "));
    EXPECT_THAT(books.engine.failure, AnyOf(HasSubstr("ECONNRESET"), HasSubstr("EPIPE")));
    EXPECT_EQ(books.engine.sends.errors.size(), 1U);
    EXPECT_EQ(books.receiver.failure, "");
    EXPECT_EQ(books.receiver.ended, 2U);
    EXPECT_LE(books.receiver.received_bytes, books.engine.sends.bytes);
    EXPECT_GE(books.receiver.received_bytes + lost_most, books.engine.sends.bytes);
  }

  static void leave_in_mid_stream(Leaving how) {
    Session session(three_clients(), 2);
    RawClient lost(three_clients(), session.server().endpoint());
    session.go();
    EXPECT_TRUE(lost.read(100'000));
    leave(lost, how);
    expect_others_unharmed(session, 16U << 20U);
  }

  static void leave_before_go(Leaving how) {
    Session session(three_clients(), 2);
    {
      RawClient lost(three_clients(), session.server().endpoint());
      EXPECT_TRUE(session.server().accepted(3));
      leave(lost, how);
    }
    session.go();
    expect_others_unharmed(session, 1U << 20U);
  }
};

TEST_P(LostPeerTest, AResetInMidStream) {
  leave_in_mid_stream(Leaving::by_reset);
}

TEST_P(LostPeerTest, ACloseInMidStream) {
  leave_in_mid_stream(Leaving::by_close);
}

TEST_P(LostPeerTest, AResetBeforeTheStart) {
  leave_before_go(Leaving::by_reset);
}

TEST_P(LostPeerTest, ACloseBeforeTheStart) {
  leave_before_go(Leaving::by_close);
}

TEST_P(LostPeerTest, NothingIsLeftBehind) {
  probe();
  const ProcessState before = ProcessState::now();
  leave_in_mid_stream(Leaving::by_reset);
  EXPECT_TRUE(back_to(before));
}

INSTANTIATE_TEST_SUITE_P(Contract, LostPeerTest, testing::ValuesIn(every_pair()), name_of_pair);

}  // namespace
}  // namespace ub::engine
