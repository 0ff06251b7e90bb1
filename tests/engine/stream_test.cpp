// What the one place that counts makes of every way in which an attempt can end.
#include "stream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <utility>
#include <vector>

namespace ub::engine {
namespace {

using path::BufferState;
using path::CopyReport;
using path::SendProgress;
using path::SendState;
using testing::ElementsAre;
using testing::Pair;

/// Writes down which messages changed hands.
class Notes final : public BufferWatcher {
 public:
  using Range = std::pair<std::uint32_t, std::uint32_t>;

  void taken(const net::MessageSet& /*messages*/, std::uint32_t first,
             std::uint32_t count) override {
    taken_.emplace_back(first, count);
  }
  void given_back(const net::MessageSet& /*messages*/, std::uint32_t first,
                  std::uint32_t count) override {
    given_back_.emplace_back(first, count);
  }

  std::vector<Range> taken_;
  std::vector<Range> given_back_;
};

/// A stream of 8 messages of 100 B in batches of 2.
class StreamTest : public testing::Test {
 protected:
  explicit StreamTest(path::Reuse reuse = path::Reuse::on_acceptance) {
    descriptor_.reuse = reuse;
    setup_.the_case.batch = 2;
    setup_.path = &descriptor_;
    setup_.watcher = &notes_;
    stream_.emplace(messages_, setup_, tally_, clock_);
  }

  ServerCounts counts() const { return read(tally_); }

  /// Begins an operation that is accepted whole.
  void send(const SendProgress& progress = {.bytes = 200}) {
    stream_->begin();
    EXPECT_EQ(stream_->account(progress), Next::operation);
  }

  bool release(std::uint32_t operation, CopyReport copy = CopyReport::copied) {
    path::Releases releases{{operation, copy}};
    const bool known = stream_->account(releases);
    EXPECT_TRUE(releases.empty());
    return known;
  }

  net::MessageSet messages_{{.size_bytes = 100, .working_set_bytes = 800, .batch = 2},
                            net::Layout::contiguous};
  path::Descriptor descriptor_;
  EngineSetup setup_;
  Notes notes_;
  ServerTally tally_;
  SendClock clock_;
  std::optional<Stream> stream_;
};

TEST_F(StreamTest, BeginsWithMessageAndOperation0) {
  EXPECT_FALSE(stream_->in_operation());
  stream_->begin();
  EXPECT_TRUE(stream_->in_operation());
  EXPECT_EQ(stream_->payload().first, 0U);
  EXPECT_EQ(stream_->payload().count, 2U);
  EXPECT_EQ(stream_->payload().operation, 0U);
  EXPECT_EQ(stream_->payload().left_bytes(), 200U);
}

TEST_F(StreamTest, GoesRoundTheSet) {
  for (int i = 0; i < 5; ++i) send();
  EXPECT_THAT(notes_.taken_,
              ElementsAre(Pair(0, 2), Pair(2, 2), Pair(4, 2), Pair(6, 2), Pair(0, 2)));
  EXPECT_EQ(notes_.given_back_, notes_.taken_);
  EXPECT_EQ(stream_->payload().operation, 4U);
}

TEST_F(StreamTest, CountsWhatWasAcceptedWhole) {
  send();
  send({.bytes = 200, .system_calls = 3});
  const ServerCounts c = counts();
  EXPECT_EQ(c.sends.operations, 2U);
  EXPECT_EQ(c.sends.messages, 4U);
  EXPECT_EQ(c.sends.bytes, 400U);
  EXPECT_EQ(c.sends.system_calls, 3U);
  EXPECT_EQ(c.sends.short_sends, 0U);
  EXPECT_EQ(c.zero_copy, ZeroCopyCounts{});
}

TEST_F(StreamTest, AShortSendIsContinuedAndCountedOnce) {
  stream_->begin();
  EXPECT_EQ(stream_->account(SendProgress{.bytes = 30}), Next::rest);
  EXPECT_EQ(stream_->payload().skip_bytes, 30U);
  EXPECT_EQ(counts().sends.messages, 0U);
  EXPECT_EQ(stream_->account(SendProgress{.bytes = 170}), Next::operation);
  EXPECT_EQ(counts().sends.short_sends, 1U);
  EXPECT_EQ(counts().sends.messages, 2U);
  EXPECT_EQ(counts().sends.bytes, 200U);
  EXPECT_EQ(counts().sends.operations, 1U);
}

TEST_F(StreamTest, WhatIsInFlightIsWaitedFor) {
  stream_->begin();
  EXPECT_EQ(stream_->account(SendProgress{.bytes = 120, .state = SendState::in_flight}),
            Next::wait);
  EXPECT_TRUE(stream_->in_operation());
  EXPECT_EQ(stream_->account(SendProgress{.bytes = 80}), Next::operation);
  EXPECT_EQ(counts().sends.short_sends, 0U);
}

TEST_F(StreamTest, AFullSocketIsWaitedForAndCounted) {
  stream_->begin();
  EXPECT_EQ(stream_->account(SendProgress{.state = SendState::would_block}), Next::writable);
  EXPECT_EQ(counts().sends.would_block, 1U);
  EXPECT_TRUE(counts().sends.errors.empty());
}

TEST_F(StreamTest, AFailureIsCountedByErrno) {
  stream_->begin();
  EXPECT_EQ(stream_->account(SendProgress{.state = SendState::failed, .error = EPIPE}),
            Next::failed);
  EXPECT_THAT(counts().sends.errors, ElementsAre(Pair("EPIPE", 1)));
  EXPECT_EQ(counts().sends.messages, 0U);
}

TEST_F(StreamTest, AStarvedSendThatHoldsNothingHasFailed) {
  stream_->begin();
  EXPECT_EQ(stream_->account(SendProgress{.state = SendState::starved, .error = ENOBUFS}),
            Next::failed);
  EXPECT_THAT(counts().sends.errors, ElementsAre(Pair("ENOBUFS", 1)));
}

TEST_F(StreamTest, ASendByReferenceIsAZeroCopySendWithoutAReport) {
  send({.bytes = 200, .copy = CopyReport::unreported});
  EXPECT_EQ(counts().zero_copy, (ZeroCopyCounts{.sends = 1, .unreported = 1}));
}

TEST_F(StreamTest, NothingIsHeldByPathsThatCopy) {
  send();
  EXPECT_TRUE(stream_->has_room());
  EXPECT_FALSE(stream_->holds_buffers());
}

class NotifiedStreamTest : public StreamTest {
 protected:
  NotifiedStreamTest() : StreamTest(path::Reuse::on_notification) {}

  static constexpr SendProgress kHeld{.bytes = 200, .buffer = BufferState::held};
};

TEST_F(NotifiedStreamTest, HasRoomForTheWholeSetAndNoMore) {
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(stream_->has_room());
    send(kHeld);
  }
  EXPECT_FALSE(stream_->has_room());
  EXPECT_EQ(stream_->attempts_held(), 4U);
  EXPECT_TRUE(notes_.given_back_.empty());
  EXPECT_TRUE(release(0));
  EXPECT_TRUE(stream_->has_room());
}

TEST_F(NotifiedStreamTest, MessagesComeBackInTheOrderTheyWereTaken) {
  for (int i = 0; i < 4; ++i) send(kHeld);
  EXPECT_TRUE(release(1));
  EXPECT_TRUE(notes_.given_back_.empty());
  EXPECT_TRUE(release(0));
  EXPECT_THAT(notes_.given_back_, ElementsAre(Pair(0, 2), Pair(2, 2)));
}

TEST_F(NotifiedStreamTest, EachAttemptIsASendAndHasItsReport) {
  stream_->begin();
  EXPECT_EQ(stream_->account(SendProgress{.bytes = 50, .buffer = BufferState::held}), Next::rest);
  EXPECT_EQ(stream_->account(SendProgress{.bytes = 150, .buffer = BufferState::held}),
            Next::operation);
  EXPECT_EQ(counts().zero_copy, (ZeroCopyCounts{.sends = 2, .unreported = 2}));
  EXPECT_TRUE(release(0, CopyReport::real));
  EXPECT_TRUE(notes_.given_back_.empty());
  EXPECT_TRUE(release(0, CopyReport::copied));
  EXPECT_THAT(notes_.given_back_, ElementsAre(Pair(0, 2)));
  EXPECT_EQ(counts().zero_copy, (ZeroCopyCounts{.sends = 2, .real = 1, .copied = 1}));
}

TEST_F(NotifiedStreamTest, AStarvedSendWaitsForWhatIsHeld) {
  send(kHeld);
  stream_->begin();
  const SendProgress starved{.state = SendState::starved, .error = ENOMEM};
  EXPECT_EQ(stream_->account(starved), Next::release);
  EXPECT_TRUE(stream_->in_operation());
  EXPECT_TRUE(release(0));
  EXPECT_EQ(stream_->account(starved), Next::failed) << "nothing more comes back";
  EXPECT_THAT(counts().sends.errors, ElementsAre(Pair("ENOMEM", 2)));
  EXPECT_EQ(counts().zero_copy.sends, 1U) << "what was refused was not sent";
}

TEST_F(NotifiedStreamTest, ANoticeAboutBuffersSaysNothingAboutTheSend) {
  stream_->begin();
  EXPECT_EQ(stream_->account(SendProgress{.state = SendState::unchanged}), Next::wait);
  EXPECT_TRUE(stream_->in_operation());
}

TEST_F(NotifiedStreamTest, AReleaseThatNobodyWaitsForIsNoticedAndNotCounted) {
  send(kHeld);
  EXPECT_FALSE(release(1));
  EXPECT_TRUE(release(0));
  EXPECT_FALSE(release(0));
  EXPECT_EQ(counts().zero_copy, (ZeroCopyCounts{.sends = 1, .copied = 1}));
  EXPECT_EQ(notes_.given_back_.size(), 1U);
}

TEST(TallyTest, AnUnknownErrnoIsCountedAllTheSame) {
  ServerTally tally;
  tally.sends.errors.add(ECONNRESET);
  tally.sends.errors.add(4000);
  tally.sends.errors.add(-1);
  ServerCounts counts = read(tally);
  std::uint64_t all = 0;
  for (const auto& [name, count] : counts.sends.errors) all += count;
  EXPECT_EQ(all, 3U);
  EXPECT_EQ(counts.sends.errors["ECONNRESET"], 1U);
}

}  // namespace
}  // namespace ub::engine
