// Buffers that come back by notification: how many are away, and when they are looked for.
#include "contract.hpp"
#include "session.hpp"

namespace ub::engine {
namespace {

std::vector<Pair> pairs_with_notifications() {
  std::vector<Pair> pairs = every_pair();
  std::erase_if(pairs,
                [](const Pair& pair) { return pair.path->reuse != path::Reuse::on_notification; });
  return pairs;
}

class NotifyTest : public ContractTest {
 protected:
  /// `operations` of them, with every byte checked on arrival. A sender that waits for buffers
  /// would else wait for delayed acknowledgements.
  static EngineCounts counts(const NotifyFactors& notify, std::uint64_t operations) {
    Case c = case_of(GetParam());
    c.notify = notify;
    c.nodelay = Switch::on;
    const Books books = run(c, operations * c.size_bytes);
    expect_balanced(c, books);
    return books.engine;
  }
};

TEST_P(NotifyTest, EachHasOneOperationAwayAtMost) {
  const EngineCounts counts = NotifyTest::counts({.when = Notify::each}, 200);
  EXPECT_EQ(counts.held.peak_bytes, 4096U);
  EXPECT_EQ(counts.zero_copy.notifications, counts.zero_copy.sends)
      << "nothing can be put together that is waited for one by one";
}

TEST_P(NotifyTest, ARingHasAsManyOperationsAwayAsItSays) {
  const EngineCounts counts = NotifyTest::counts({.when = Notify::ring, .buffers = 5}, 500);
  EXPECT_GT(counts.held.peak_bytes, 4096U);
  EXPECT_LE(counts.held.peak_bytes, 5U * 4096U);
}

TEST_P(NotifyTest, LazyLooksOnlyWhenNoBufferIsLeft) {
  if (GetParam().engine == EngineKind::uring) {
    GTEST_SKIP() << "a ring's notifications come without being looked for; the plan refuses it";
  }
  const EngineCounts counts = NotifyTest::counts({.when = Notify::lazy}, 5000);
  const Case c = case_of(GetParam());
  EXPECT_GE(counts.held.peak_bytes, c.working_set_bytes / c.size_bytes * c.size_bytes);
  EXPECT_LT(counts.zero_copy.notifications, counts.zero_copy.sends / 4)
      << "notifications that wait in the queue are put together there (skbuff.c)";
}

TEST_P(NotifyTest, BytesAwayAreCountedOverAllConnectionsOfAThread) {
  Case c = case_of(GetParam());
  c.clients = 4;
  c.notify = {.when = Notify::ring, .buffers = 2};
  c.nodelay = Switch::on;
  const Books books = run(c, 400 * c.size_bytes);
  expect_balanced(c, books);
  const std::uint64_t connections = c.engine == EngineKind::pthread ? 1 : c.clients;
  EXPECT_LE(books.engine.held.peak_bytes, connections * 2 * c.size_bytes);
  EXPECT_GT(books.engine.held.peak_bytes, 0U);
}

TEST_P(NotifyTest, ReactorsLoseNoneOfThem) {
  if (GetParam().engine == EngineKind::pthread) GTEST_SKIP() << "it has no reactors";
  Case c = case_of(GetParam());
  c.clients = 8;
  c.reactors = 2;
  c.notify = {.when = Notify::each};
  c.nodelay = Switch::on;
  const Books books = run(c, 200 * c.size_bytes);
  expect_balanced(c, books);
  EXPECT_EQ(books.engine.zero_copy.notifications, books.engine.zero_copy.sends);
}

INSTANTIATE_TEST_SUITE_P(Contract, NotifyTest, testing::ValuesIn(pairs_with_notifications()),
                         name_of_pair);

}  // namespace
}  // namespace ub::engine
