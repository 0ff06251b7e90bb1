#include <gtest/gtest.h>

#include <algorithm>

#include "connection_failure.hpp"
#include "test_server.hpp"

namespace ub::load {
namespace {

class StreamVerifierTest : public testing::Test {
 protected:
  Case case_ = small_case();
  net::MessageSet messages_{net::shape_of(case_), net::Layout::contiguous};
  StreamVerifier verifier_{messages_};
};

TEST_F(StreamVerifierTest, TakesTheSetOverAndOverInPiecesOfAnyLength) {
  const auto stream = stream_of(case_, 40);
  std::span<const std::byte> rest = stream;
  for (std::size_t piece = 1; !rest.empty(); piece = piece * 3 % 20'011) {
    const std::size_t length = std::min(piece, rest.size());
    ASSERT_EQ(verifier_.take(rest.first(length)), std::nullopt);
    rest = rest.subspan(length);
  }
  EXPECT_EQ(verifier_.end(), std::nullopt);
}

TEST_F(StreamVerifierTest, FindsOneFlippedBitAndItsPlace) {
  auto stream = stream_of(case_, 20);
  const std::size_t place = 9 * 1001 + 17;  // in the second round of the set
  const auto expected = std::to_integer<std::uint8_t>(stream[place]);
  stream[place] ^= std::byte{4};
  const Mismatch wanted{place, 9, 17, expected, static_cast<std::uint8_t>(expected ^ 4U)};
  EXPECT_EQ(verifier_.take(std::span(stream).first(5000)), std::nullopt);
  EXPECT_EQ(verifier_.take(std::span(stream).subspan(5000)), wanted);
}

TEST_F(StreamVerifierTest, FindsSwappedLostAndDoubledMessages) {
  const auto stream = stream_of(case_, 3);
  const auto message = [&](std::size_t i) { return std::span(stream).subspan(i * 1001, 1001); };
  for (const std::size_t second : {0U, 2U}) {
    StreamVerifier verifier(messages_);
    EXPECT_EQ(verifier.take(message(0)), std::nullopt);
    const auto found = verifier.take(message(second));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->message, 1U);
  }
}

TEST_F(StreamVerifierTest, AStreamEndsBetweenMessagesOnly) {
  EXPECT_EQ(verifier_.end(), std::nullopt) << "an empty stream";
  const auto stream = stream_of(case_, 8);
  EXPECT_EQ(verifier_.take(std::span(stream).first(7 * 1001 + 1)), std::nullopt);
  EXPECT_EQ(verifier_.end(), (Mismatch{7 * 1001 + 1, 7, 1, 0, 0}));
}

}  // namespace
}  // namespace ub::load
