#include <gtest/gtest.h>

#include <string>

#include "socket_send.hpp"

namespace ub::path {
namespace {

constexpr std::uint32_t kBatch = 3;

net::MessageSet messages_of(std::uint64_t size_bytes, std::uint32_t fields) {
  return {{.size_bytes = size_bytes, .working_set_bytes = 1, .fields = fields, .batch = kBatch},
          net::Layout::fields};
}

/// Everything an msghdr points to, in order.
std::string bytes_of(const msghdr& header) {
  std::string bytes;
  for (std::size_t i = 0; i < header.msg_iovlen; ++i) {
    bytes.append(static_cast<const char*>(header.msg_iov[i].iov_base), header.msg_iov[i].iov_len);
  }
  return bytes;
}

/// The bytes of messages `first` ... as fill_message() has them.
std::string expected(std::uint64_t size_bytes, std::uint32_t first, std::uint32_t count) {
  std::string bytes;
  for (std::uint32_t index = first; index < first + count; ++index) {
    std::vector<std::byte> message(size_bytes);
    net::fill_message(message, index);
    bytes.append(reinterpret_cast<const char*>(message.data()), message.size());
  }
  return bytes;
}

TEST(FieldRangeTest, WithoutAShortSendItPointsIntoTheMessages) {
  const net::MessageSet messages = messages_of(100, 8);
  FieldRange range(kBatch * 8);
  const msghdr& header = range.set({.messages = &messages, .first = 3, .count = 3});
  EXPECT_EQ(header.msg_iov, messages.fields_of(3, 3).data());
  EXPECT_EQ(bytes_of(header), expected(100, 3, 3));
}

TEST(FieldRangeTest, AfterAShortSendTheRestFollowsByteForByte) {
  for (const std::uint64_t size_bytes : {1U, 7U, 8U, 100U}) {
    const net::MessageSet messages = messages_of(size_bytes, 8);
    FieldRange range(kBatch * 8);
    const std::string whole = expected(size_bytes, 0, kBatch);
    for (std::uint64_t skip = 0; skip < whole.size(); ++skip) {
      const Payload payload{.messages = &messages, .count = kBatch, .skip_bytes = skip};
      EXPECT_EQ(bytes_of(range.set(payload)), whole.substr(skip)) << size_bytes << " B, " << skip;
    }
  }
}

TEST(FieldRangeTest, WhatWasSentAndEmptyFieldsAreLeftOut) {
  const net::MessageSet messages = messages_of(3, 8);  // five of eight fields are empty
  FieldRange range(8);
  EXPECT_EQ(range.set({.messages = &messages, .count = 1, .skip_bytes = 1}).msg_iovlen, 2U);
}

TEST(FieldRangeTest, TheMessagesThemselvesStayAsTheyAre) {
  const net::MessageSet messages = messages_of(100, 8);
  FieldRange range(8);
  range.set({.messages = &messages, .count = 1, .skip_bytes = 55});
  EXPECT_EQ(bytes_of(range.set({.messages = &messages, .count = 1})), expected(100, 0, 1));
}

}  // namespace
}  // namespace ub::path
