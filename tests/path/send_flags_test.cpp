// Every path that says that it sends with the context's flags does so, and no other: TCP says at
// once which bytes MSG_MORE holds back.
#include <gtest/gtest.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>

#include "trial.hpp"
#include "uringbench/net/message_set.hpp"
#include "uringbench/net/socket.hpp"
#include "uringbench/path/registry.hpp"
#include "uringbench/uring/probe.hpp"
#include "uringbench/uring/ring.hpp"

namespace ub::path {
namespace {

constexpr std::uint64_t kSizeBytes = 64;

/// Bytes that TCP has been given and has not put into a segment (tcp(7), SIOCOUTQNSD).
int held_back_bytes(int fd) {
  int bytes = 0;
  EXPECT_EQ(::ioctl(fd, SIOCOUTQNSD, &bytes), 0);
  return bytes;
}

class SendFlagsTest : public testing::TestWithParam<Descriptor> {
 protected:
  void SetUp() override {
    const int on = 1;
    ASSERT_EQ(::setsockopt(socket(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), 0);
  }

  [[nodiscard]] int socket() const { return pair_.server.get(); }
  [[nodiscard]] Payload message() const { return {.messages = &messages_, .count = 1}; }
  [[nodiscard]] int expected_bytes() const { return GetParam().send_flags ? kSizeBytes : 0; }

  static Label label_of(const uring::Completion& completion) {
    return {.tag = static_cast<std::uint8_t>(completion.user_data >> Submission::kTagShift),
            .operation = static_cast<std::uint32_t>(completion.user_data)};
  }

  Releases releases_;
  uring::TrialPair pair_ = uring::make_trial_pair();
  net::MessageSet messages_{{.size_bytes = kSizeBytes}, GetParam().layout};
};

TEST_P(SendFlagsTest, ASystemCallHoldsBackWhatIsToFollow) {
  const Descriptor& path = GetParam();
  if (!path.make_syscall) GTEST_SKIP() << path.name << " is a path of the ring only";
  const auto made = path.make_syscall(
      {.fd = socket(), .batch = 1, .send_flags = MSG_MORE, .messages = &messages_});
  ASSERT_EQ(made->send(message()).state, SendState::done);
  EXPECT_EQ(held_back_bytes(socket()), expected_bytes());
}

TEST_P(SendFlagsTest, ARingHoldsBackWhatIsToFollow) {
  const Descriptor& path = GetParam();
  const auto reason = why_unavailable(EngineKind::uring, path, uring::Probe::run());
  if (reason) GTEST_SKIP() << *reason;
  uring::Ring ring({.sq_entries = 8, .cq_entries = 64});
  if (path.registered_memory) {
    ASSERT_TRUE(ring.register_buffer(uring::BufferSlot::send, messages_.region()).ok());
  }
  const auto made = path.make_ring(
      {.ring = &ring, .fd = socket(), .batch = 1, .send_flags = MSG_MORE, .messages = &messages_});
  Submission submission(ring, 0);
  made->prepare(message(), submission);
  SendState state = SendState::in_flight;
  while (state == SendState::in_flight) {
    ring.submit_and_wait();
    ring.for_each_completion([&](const uring::Completion& completion) {
      if (state == SendState::in_flight)
        state = made->complete(label_of(completion), completion, releases_).state;
    });
  }
  ASSERT_EQ(state, SendState::done);
  EXPECT_EQ(held_back_bytes(socket()), expected_bytes());
}

std::string name_of(const testing::TestParamInfo<Descriptor>& info) {
  std::string name(info.param.name);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Every, SendFlagsTest,
                         testing::ValuesIn(registry().begin(), registry().end()), name_of);

}  // namespace
}  // namespace ub::path
