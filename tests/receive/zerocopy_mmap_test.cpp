#include <gtest/gtest.h>

#include "drain.hpp"
#include "tcp.hpp"

namespace ub::receive {
namespace {

class ZerocopyMmapTest : public testing::TestWithParam<Way> {
 protected:
  void SetUp() override {
    options_ = {.path = find("zerocopy-mmap"), .way = GetParam(), .fd = pair_.receiver.get()};
    options_.buffer_bytes = 256U << 10U;
    if (const auto reason = why_unavailable(engine_of(GetParam()), *options_.path, probe())) {
      GTEST_SKIP() << *reason;
    }
  }

  Outcome receive(std::span<const std::byte> bytes, int send_flags) {
    const std::jthread sender([&] {
      send_all(pair_.sender.get(), bytes, send_flags);
      ::shutdown(pair_.sender.get(), SHUT_WR);
    });
    const Outcome outcome = drain(options_, sink_);
    pair_.receiver.reset();
    EXPECT_EQ(outcome.state, ReceiveState::ended);
    EXPECT_EQ(outcome.bytes, bytes.size());
    EXPECT_EQ(sink_.bytes(), bytes.size());
    EXPECT_EQ(sink_.mismatch(), std::nullopt);
    return outcome;
  }

  TcpPair pair_ = make_tcp_pair();
  Drain options_;
  VerifyingSink sink_;
  std::vector<std::byte> bytes_ = pattern(0, 8U << 20U);
};

/// The copy that loopback makes of a zero-copy send fills whole pages, which can be mapped.
TEST_P(ZerocopyMmapTest, MapsPagesOfAZeroCopySender) {
  const int on = 1;
  if (::setsockopt(pair_.sender.get(), SOL_SOCKET, SO_ZEROCOPY, &on, sizeof on) != 0) {
    GTEST_SKIP() << "SO_ZEROCOPY: " << describe_errno(errno);
  }
  const Outcome outcome = receive(bytes_, MSG_ZEROCOPY);
  if (outcome.mapped == 0) GTEST_SKIP() << "this kernel mapped none of the pages of the sender";
  EXPECT_EQ(outcome.mapped % 4096, 0U);
  EXPECT_LE(outcome.mapped, outcome.bytes);
  RecordProperty("mapped", static_cast<int>(outcome.mapped));
}

/// Bytes that a copying sender wrote lie in pages that the kernel does not map.
TEST_P(ZerocopyMmapTest, CopiesFromACopyingSender) {
  const Outcome outcome = receive(bytes_, 0);
  EXPECT_LT(outcome.mapped, outcome.bytes);
}

INSTANTIATE_TEST_SUITE_P(BySystemCalls, ZerocopyMmapTest, testing::Values(Way::waits, Way::polls),
                         [](const auto& instance) {
                           return instance.param == Way::waits ? "waits" : "polls";
                         });

}  // namespace
}  // namespace ub::receive
