// No buffer is given back while the kernel may still read it, and every one is given back at last.
#include "contract.hpp"
#include "scribbler.hpp"
#include "session.hpp"

namespace ub::engine {
namespace {

class BufferReuseTest : public ContractTest {
 protected:
  void SetUp() override {
    ContractTest::SetUp();
    if (GetParam().path->reuse == path::Reuse::never) {
      GTEST_SKIP() << "the kernel never says when it lets go of these messages, so none is reused";
    }
  }
};

/// The client holds only 128 KiB that nobody has read (twice what is set); what is sent beyond
/// stays in the server's queue, where a zero-copy send still reads the message itself.
constexpr std::uint64_t kMoreThanTheClientHolds = 150'000;

Case crowded(const Pair& pair) {
  Case c = case_of(pair);
  c.size_bytes = 5000;
  c.fields = 1;  // each costs a zero-copy send a fragment, and so small sockets hold few of them
  c.working_set_bytes = 2U << 20U;
  c.send_buffer_bytes = 200'000;
  c.receive_buffer_bytes = 64U << 10U;
  return c;
}

/// The receiver begins to read when the server's queue is not empty.
void go_crowded(Session& session) {
  session.send();
  EXPECT_TRUE(session.server().sent(kMoreThanTheClientHolds));
  session.read();
}

Books run_crowded(const Case& the_case, std::uint64_t bytes, BufferWatcher& watcher) {
  Session session(the_case, &watcher);
  go_crowded(session);
  EXPECT_TRUE(session.server().sent(bytes));
  return session.finish();
}

TEST_P(BufferReuseTest, MessagesGivenBackMayBeOverwritten) {
  Scribbler watcher;
  const Case c = crowded(GetParam());
  const Books books = run_crowded(c, 6U << 20U, watcher);
  expect_balanced(c, books);
  EXPECT_EQ(watcher.faults(), 0U);
  EXPECT_EQ(watcher.taken_in_all(), books.engine.sends.messages);
  EXPECT_EQ(watcher.still_out(), 0U) << "not every buffer came back";
}

TEST_P(BufferReuseTest, BatchesGivenBackMayBeOverwritten) {
  Scribbler watcher;
  Case c = crowded(GetParam());
  c.batch = 3;
  expect_balanced(c, run_crowded(c, 6U << 20U, watcher));
  EXPECT_EQ(watcher.faults(), 0U);
  EXPECT_EQ(watcher.still_out(), 0U);
}

/// The negative control: if buffers came back when the kernel has merely accepted them, the tests
/// above would notice. A path that copies does give them back then.
TEST_P(BufferReuseTest, OverwritingAtAcceptanceSpoilsJustTheNotifiedSends) {
  HastyScribbler watcher;
  const Case c = crowded(GetParam());
  if (GetParam().path->reuse == path::Reuse::on_acceptance) {
    expect_balanced(c, run_crowded(c, 1U << 20U, watcher));
    return;
  }
  Session session(c, &watcher);
  go_crowded(session);
  EXPECT_TRUE(eventually([&] { return !session.receiver().counts().failure.empty(); }));
  session.server()->finish(soon());
  EXPECT_THAT(session.receiver().counts().failure, testing::HasSubstr("is 0xa5"));
  EXPECT_GT(watcher.most_out(), 1U);
}

/// Another: the receiver notices a message that was overwritten.
TEST_P(BufferReuseTest, AnOverwrittenMessageIsNoticed) {
  if (!GetParam().sends()) GTEST_SKIP() << "sends nothing";
  Spoiler watcher;
  Session session(crowded(GetParam()), &watcher);
  session.go();
  EXPECT_TRUE(eventually([&] { return !session.receiver().counts().failure.empty(); }));
  session.server()->finish(soon());
  EXPECT_THAT(session.receiver().counts().failure,
              testing::HasSubstr("byte 0 of message 0) is 0xa5"));
}

INSTANTIATE_TEST_SUITE_P(Contract, BufferReuseTest, testing::ValuesIn(every_pair()), name_of_pair);

}  // namespace
}  // namespace ub::engine
