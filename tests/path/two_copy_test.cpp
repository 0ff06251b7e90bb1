// The syscall path of two-copy on a socket that is full.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <vector>

#include "trial.hpp"
#include "uringbench/net/socket.hpp"
#include "uringbench/path/registry.hpp"

namespace ub::path {
namespace {

constexpr std::uint64_t kSizeBytes = 1000;

/// Receives `count` bytes. MSG_WAITALL would not do: task work of a ring that this thread had
/// earlier counts as a signal and ends it early.
std::vector<std::byte> receive(int fd, std::size_t count) {
  std::vector<std::byte> bytes(count);
  for (std::size_t got = 0; got < count;) {
    const ssize_t some = ::recv(fd, bytes.data() + got, count - got, 0);
    if (some <= 0) return {};
    got += static_cast<std::size_t>(some);
  }
  return bytes;
}

/// Sends until the socket is full; returns the bytes taken.
std::size_t fill(int fd) {
  const std::array<std::byte, 4096> filler{};
  std::size_t taken = 0;
  while (true) {
    const ssize_t sent = ::send(fd, filler.data(), filler.size(), MSG_NOSIGNAL);
    if (sent < 0) return taken;
    taken += static_cast<std::size_t>(sent);
  }
}

TEST(TwoCopyTest, AnOperationIsFlattenedOnceHoweverOftenItIsTried) {
  const uring::TrialPair pair = uring::make_trial_pair();
  net::set_blocking(pair.server.get(), net::Blocking::no);
  const net::MessageSet messages({.size_bytes = kSizeBytes}, net::Layout::fields);
  const auto path =
      find("two-copy")->make_syscall({.fd = pair.server.get(), .batch = 1, .messages = &messages});
  const std::size_t filled = fill(pair.server.get());
  const Payload payload{.messages = &messages, .count = 1};
  ASSERT_EQ(path->send(payload).state, SendState::would_block);
  // What the fields hold now is not looked at again.
  const iovec& field = messages.fields_of(0, 1).front();
  *static_cast<std::byte*>(field.iov_base) ^= std::byte{0xff};
  receive(pair.client.get(), filled);
  while (path->send(payload).state == SendState::would_block) {
  }
  std::vector<std::byte> expected(kSizeBytes);
  net::fill_message(expected, 0);
  EXPECT_EQ(receive(pair.client.get(), kSizeBytes), expected);
}

TEST(TwoCopyTest, TheNextOperationIsFlattenedAnew) {
  const uring::TrialPair pair = uring::make_trial_pair();
  const net::MessageSet messages({.size_bytes = kSizeBytes}, net::Layout::fields);
  const auto path =
      find("two-copy")->make_syscall({.fd = pair.server.get(), .batch = 1, .messages = &messages});
  for (std::uint32_t index = 0; index < 3; ++index) {
    const Payload payload{.messages = &messages, .first = index, .count = 1, .operation = index};
    EXPECT_EQ(path->send(payload).bytes, kSizeBytes);
    std::vector<std::byte> expected(kSizeBytes);
    net::fill_message(expected, index);
    EXPECT_EQ(receive(pair.client.get(), kSizeBytes), expected);
  }
}

}  // namespace
}  // namespace ub::path
