#include "uringbench/net/message_set.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <set>
#include <string>
#include <vector>

namespace ub::net {
namespace {

using Shape = MessageSet::Shape;

/// All messages of a set as one text, however it is laid out.
std::string bytes_of(const MessageSet& set) {
  std::string bytes;
  if (set.layout() != Layout::fields) {
    const auto region = set.region();
    return {reinterpret_cast<const char*>(region.data()), region.size()};
  }
  for (const iovec& field : set.fields_of(0, set.count())) {
    bytes.append(static_cast<const char*>(field.iov_base), field.iov_len);
  }
  return bytes;
}

TEST(EffectiveCountTest, FillsTheWorkingSet) {
  EXPECT_EQ(effective_count({.size_bytes = 4096, .working_set_bytes = 1U << 20U}), 256U);
  EXPECT_EQ(effective_count({.size_bytes = 1000, .working_set_bytes = 10'001}), 11U)
      << "rounded up";
}

TEST(EffectiveCountTest, IsAtLeastFourOperations) {
  EXPECT_EQ(effective_count({.size_bytes = 1U << 20U, .working_set_bytes = 0}), 4U);
  EXPECT_EQ(effective_count({.size_bytes = 1U << 20U, .working_set_bytes = 1, .batch = 10}), 40U);
}

TEST(EffectiveCountTest, IsAWholeNumberOfBatches) {
  for (std::uint32_t batch = 1; batch <= 64; ++batch) {
    const auto count =
        effective_count({.size_bytes = 64, .working_set_bytes = 12'345, .batch = batch});
    EXPECT_EQ(count % batch, 0U) << batch;
    EXPECT_GE(count * 64, 12'345U);
    EXPECT_LT((count - batch) * 64, 12'345U + 64U * batch);
  }
}

TEST(EffectiveCountTest, IsBoundedForTinyMessages) {
  EXPECT_EQ(effective_count({.size_bytes = 1, .working_set_bytes = 1ULL << 40U}), kMostMessages);
}

TEST(MessageSetTest, EqualShapesHoldEqualBytesWhateverTheLayout) {
  for (const std::uint64_t size_bytes : {1U, 7U, 8U, 9U, 100U, 4096U}) {
    const Shape shape{.size_bytes = size_bytes, .working_set_bytes = 5 * size_bytes, .batch = 2};
    const std::string expected = bytes_of(MessageSet(shape, Layout::contiguous));
    EXPECT_EQ(expected.size(), effective_count(shape) * size_bytes);
    EXPECT_EQ(bytes_of(MessageSet(shape, Layout::fields)), expected) << size_bytes;
    EXPECT_EQ(bytes_of(MessageSet(shape, Layout::file)), expected) << size_bytes;
  }
}

TEST(MessageSetTest, TheFileHoldsWhatTheMemoryHolds) {
  const MessageSet set({.size_bytes = 1000}, Layout::file);
  std::string file(set.bytes(), '\0');
  EXPECT_EQ(::pread(set.file(), file.data(), file.size(), 0), static_cast<ssize_t>(file.size()));
  EXPECT_EQ(file, bytes_of(set));
}

TEST(MessageSetTest, OnlyAFileHasADescriptor) {
  EXPECT_EQ(MessageSet({.size_bytes = 8}, Layout::contiguous).file(), -1);
  EXPECT_GE(MessageSet({.size_bytes = 8}, Layout::file).file(), 0);
}

TEST(MessageSetTest, FieldsDifferByOneByteAtMostAndAddUp) {
  for (const std::uint64_t size_bytes : {1U, 7U, 8U, 9U, 63U, 1001U}) {
    const MessageSet set({.size_bytes = size_bytes}, Layout::fields);
    for (std::uint32_t index = 0; index < set.count(); ++index) {
      std::uint64_t sum = 0;
      for (const iovec& field : set.fields_of(index, 1)) {
        EXPECT_GE(field.iov_len, size_bytes / 8);
        EXPECT_LE(field.iov_len, size_bytes / 8 + 1);
        EXPECT_EQ(field.iov_base == nullptr, field.iov_len == 0);
        sum += field.iov_len;
      }
      EXPECT_EQ(sum, size_bytes);
    }
  }
}

TEST(MessageSetTest, AMessageOfOneByteHasOneFieldThatIsNotEmpty) {
  const MessageSet set({.size_bytes = 1}, Layout::fields);
  const auto fields = set.fields_of(0, 1);
  EXPECT_EQ(fields.size(), 8U);
  std::uint64_t bytes = 0;
  for (const iovec& field : fields) bytes += field.iov_len;
  EXPECT_EQ(bytes, 1U);
}

TEST(MessageSetTest, EveryFieldIsAHeapBlockOfItsOwn) {
  const MessageSet set({.size_bytes = 800, .fields = 4}, Layout::fields);
  std::set<void*> blocks;
  for (const iovec& field : set.fields_of(0, set.count())) blocks.insert(field.iov_base);
  EXPECT_EQ(blocks.size(), set.count() * 4U);
}

TEST(MessageSetTest, MessagesLieBackToBack) {
  const MessageSet set({.size_bytes = 1001}, Layout::contiguous);
  EXPECT_EQ(set.at(0), set.region().data());
  EXPECT_EQ(set.at(3), set.region().data() + 3003);
}

TEST(MessageSetDeathTest, ARangeMustNotPassTheEnd) {
  const MessageSet fields({.size_bytes = 8}, Layout::fields);
  EXPECT_EQ(fields.fields_of(fields.count() - 1, 1).size(), 8U);
  EXPECT_DEATH((void)fields.fields_of(fields.count() - 1, 2), "the range fits");
  const MessageSet contiguous({.size_bytes = 8}, Layout::contiguous);
  EXPECT_DEATH((void)contiguous.fields_of(0, 1), "fields exist");
}

TEST(FillMessageTest, NoWordIsTwiceWithinOrBetweenMessages) {
  std::set<std::uint64_t> words;
  std::array<std::byte, 4096> message;
  for (std::uint32_t index = 0; index < 64; ++index) {
    fill_message(message, index);
    for (std::size_t at = 0; at < message.size(); at += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, message.data() + at, sizeof word);
      EXPECT_TRUE(words.insert(word).second);
    }
  }
}

TEST(FillMessageTest, AShortMessageIsTheBeginningOfALongOne) {
  std::array<std::byte, 64> longer;
  fill_message(longer, 5);
  for (std::size_t size = 1; size < longer.size(); ++size) {
    std::vector<std::byte> shorter(size);
    fill_message(shorter, 5);
    EXPECT_TRUE(std::equal(shorter.begin(), shorter.end(), longer.begin())) << size;
  }
}

TEST(ShapeOfTest, TakesWhatTheCaseSays) {
  Case c;
  c.size_bytes = 100;
  c.working_set_bytes = 200;
  c.fields = 3;
  c.batch = 4;
  const Shape shape = shape_of(c);
  EXPECT_EQ(shape.size_bytes, 100U);
  EXPECT_EQ(shape.working_set_bytes, 200U);
  EXPECT_EQ(shape.fields, 3U);
  EXPECT_EQ(shape.batch, 4U);
}

}  // namespace
}  // namespace ub::net
