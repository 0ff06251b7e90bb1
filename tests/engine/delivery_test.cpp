// What is sent arrives: every byte, in order, once, whatever the size, the number of connections,
// the batch, and however little of it the sockets take at a time.
#include <algorithm>

#include "contract.hpp"
#include "session.hpp"

namespace ub::engine {
namespace {

/// Enough to pass the end of the message set and, where sockets are large, to fill them.
std::uint64_t enough_bytes(std::uint64_t size_bytes) {
  constexpr std::uint64_t kMessages = 10'000;
  constexpr std::uint64_t kBytes = 24U << 20U;
  return std::min(kMessages * size_bytes, kBytes);
}

TEST_P(SizedContractTest, OneClientGetsEveryByte) {
  Case c = case_of(pair());
  c.size_bytes = size_bytes();
  expect_balanced(c, run(c, enough_bytes(c.size_bytes)));
}

TEST_P(SizedContractTest, ManyClientsGetEveryByte) {
  Case c = case_of(pair());
  c.size_bytes = size_bytes();
  c.clients = 64;
  expect_balanced(c, run(c, enough_bytes(c.size_bytes)));
}

INSTANTIATE_TEST_SUITE_P(Delivery, SizedContractTest,
                         testing::Combine(testing::ValuesIn(every_pair()),
                                          testing::Values(1, 7, 64, 4096, (1U << 20U) + 3)),
                         name_of_sized);

class DeliveryTest : public ContractTest {};

/// Both sockets hold less than a quarter of a message, so that no send but a blocking one takes all
/// of it at once.
TEST_P(DeliveryTest, ShortSendsAreContinuedWhereTheyStopped) {
  Case c = case_of(GetParam());
  c.size_bytes = (64U << 10U) + 5;
  c.send_buffer_bytes = 8U << 10U;
  c.receive_buffer_bytes = 128U << 10U;
  c.clients = 2;
  const Books books = run(c, 2U << 20U);
  expect_balanced(c, books);
  const bool kernel_continues = c.engine == EngineKind::pthread ||
                                (c.engine == EngineKind::uring && GetParam().path->name != "fixed");
  if (GetParam().sends() && !kernel_continues) {
    EXPECT_GT(books.engine.sends.short_sends, 0U);
  }
}

/// The least set there can be: every operation waits for the one four before it.
TEST_P(DeliveryTest, FourBuffersAreEnough) {
  Case c = case_of(GetParam());
  c.working_set_bytes = c.size_bytes;
  c.nodelay = Switch::on;
  expect_balanced(c, run(c, 200 * c.size_bytes));
}

TEST_P(DeliveryTest, ABatchArrivesInOrder) {
  for (const std::uint32_t batch : {3U, 64U}) {
    for (const std::uint64_t size_bytes : {1U, 64U, 5000U}) {
      SCOPED_TRACE(testing::Message() << batch << " messages of " << size_bytes << " B");
      Case c = case_of(GetParam());
      c.size_bytes = size_bytes;
      c.batch = batch;
      c.clients = 3;
      expect_balanced(c, run(c, 100 * batch * size_bytes));
    }
  }
}

/// A short send may end in the middle of any message of the batch.
TEST_P(DeliveryTest, AShortBatchIsContinuedWhereItStopped) {
  Case c = case_of(GetParam());
  c.size_bytes = 5000;
  c.batch = 20;
  c.send_buffer_bytes = 8U << 10U;
  c.receive_buffer_bytes = 128U << 10U;
  expect_balanced(c, run(c, 1U << 20U));
}

TEST_P(DeliveryTest, TheEndIsAlwaysBetweenTwoMessages) {
  for (std::uint64_t bytes = 1; bytes < (8U << 20U); bytes *= 8) {
    SCOPED_TRACE(testing::Message() << "ended after " << bytes << " B");
    Case c = case_of(GetParam());
    c.size_bytes = (300U << 10U) + 1;
    c.clients = 3;
    expect_balanced(c, run(c, bytes));
  }
}

INSTANTIATE_TEST_SUITE_P(Contract, DeliveryTest, testing::ValuesIn(every_pair()), name_of_pair);

}  // namespace
}  // namespace ub::engine
