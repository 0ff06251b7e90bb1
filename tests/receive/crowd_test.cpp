// Receive paths whose connections share a ring, and some of them its buffers.
#include "crowd.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ub::receive {
namespace {

class ReceiveCrowd : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    options_.path = find(GetParam());
    ASSERT_NE(options_.path, nullptr);
    if (const auto reason = why_unavailable(EngineKind::uring, *options_.path, probe())) {
      GTEST_SKIP() << *reason;
    }
  }

  Outcome run() {
    Crowd crowd(options_);
    const Outcome outcome = crowd.run();
    const bool discards = options_.path->delivery == Delivery::discarded;
    EXPECT_EQ(outcome.state, ReceiveState::ended);
    EXPECT_EQ(outcome.error, 0);
    EXPECT_EQ(outcome.bytes, options_.connections * options_.bytes_each);
    EXPECT_EQ(outcome.buffers_free, outcome.buffers) << "not all buffers are back";
    for (std::uint32_t number = 0; number < options_.connections; ++number) {
      EXPECT_EQ(crowd.sink(number).bytes(), discards ? 0 : options_.bytes_each) << number;
      EXPECT_EQ(crowd.sink(number).mismatch(), std::nullopt) << "connection " << number;
    }
    return outcome;
  }

  CrowdOptions options_;
};

TEST_P(ReceiveCrowd, ManyConnectionsShareARing) {
  const Outcome outcome = run();
  if (outcome.buffers > 0) {
    EXPECT_GE(outcome.buffers, 2U * options_.connections);
  }
}

TEST_P(ReceiveCrowd, TwoBuffersForSixtyFour) {
  options_.memory_bytes = 2 * options_.buffer_bytes;
  options_.bytes_each = 50'000;
  const Outcome outcome = run();
  if (outcome.buffers == 0) return;
  EXPECT_EQ(outcome.buffers, 2U);
  EXPECT_GT(outcome.exhausted, 0U);
}

/// A full completion queue ends a multishot receive with a completion that has bytes.
TEST_P(ReceiveCrowd, ACompletionQueueOfFour) {
  options_.ring = {.sq_entries = 4, .cq_entries = 4};
  options_.buffer_bytes = 512;
  options_.bytes_each = 50'000;
  const Outcome outcome = run();
  if (outcome.buffers > 0) {
    EXPECT_GT(outcome.ended_early, 0U);
  }
}

std::vector<std::string> all_ring_paths() {
  std::vector<std::string> names;
  for (const Descriptor& path : registry()) {
    if (path.make_ring) names.emplace_back(path.name);
  }
  return names;
}

INSTANTIATE_TEST_SUITE_P(Registry, ReceiveCrowd, testing::ValuesIn(all_ring_paths()),
                         [](const auto& instance) {
                           std::string name = instance.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace ub::receive
