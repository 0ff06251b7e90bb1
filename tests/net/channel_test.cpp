#include "uringbench/net/channel.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <optional>
#include <string>
#include <thread>

#include "uringbench/base/clock.hpp"

namespace ub::net {
namespace {

using testing::HasSubstr;
using Kind = ChannelEnd::Kind;

std::uint64_t soon() {
  return now_ns() + 10'000'000'000;
}

std::string framed(const std::string& text) {
  std::string bytes;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    bytes.push_back(static_cast<char>((text.size() >> shift) & 0xffU));
  }
  return bytes + text;
}

/// A channel, and the bare other end of its stream.
class ChannelTest : public testing::Test {
 protected:
  ChannelTest() : ChannelTest(channel_pair()) {}

  void write_raw(const std::string& bytes) const {
    ASSERT_EQ(::send(raw_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }

  Kind kind_after(const std::string& bytes) {
    write_raw(bytes);
    return kind_of(channel_.receive(soon()));
  }

  Kind kind_of(const std::variant<Json, ChannelEnd>& result) {
    const auto* ended = std::get_if<ChannelEnd>(&result);
    EXPECT_NE(ended, nullptr) << "a message instead of an end";
    if (ended == nullptr) return Kind::failed;
    reason_ = ended->reason;
    EXPECT_FALSE(reason_.empty());
    return ended->kind;
  }

  UniqueFd raw_;
  Channel channel_;
  std::string reason_;

 private:
  explicit ChannelTest(std::pair<UniqueFd, UniqueFd> ends)
      : raw_(std::move(ends.first)), channel_(std::move(ends.second)) {}
};

TEST_F(ChannelTest, MessagesArriveWholeAndInOrder) {
  Channel peer(std::move(raw_));
  const Json first = {{"type", "start"}, {"values", {1, 2.5, "x", nullptr, true}}};
  const Json second = {{"type", "stop"}};
  ASSERT_EQ(peer.send(first), std::nullopt);
  ASSERT_EQ(peer.send(second), std::nullopt);
  EXPECT_EQ(std::get<Json>(channel_.receive(soon())), first);
  EXPECT_EQ(std::get<Json>(channel_.receive(soon())), second);
}

TEST_F(ChannelTest, WireFormatIsBigEndianLengthAndText) {
  ASSERT_FALSE(channel_.send({{"type", "x"}}));
  std::string bytes(64, '\0');
  const ssize_t got = ::recv(raw_.get(), bytes.data(), bytes.size(), 0);
  ASSERT_GT(got, 0);
  bytes.resize(static_cast<std::size_t>(got));
  EXPECT_EQ(bytes, std::string("\0\0\0\x0c", 4) + R"({"type":"x"})");
}

TEST_F(ChannelTest, AMessageLargerThanTheSocketBufferArrives) {
  Channel peer(std::move(raw_));
  const Json large = {{"type", "profile"}, {"text", std::string(3U << 20U, 'a')}};
  std::thread sender([&] { EXPECT_FALSE(peer.send(large)); });
  EXPECT_EQ(std::get<Json>(channel_.receive(soon())), large);
  sender.join();
}

TEST_F(ChannelTest, ATooLargeMessageIsNotSent) {
  const auto ended =
      channel_.send({{"type", "profile"}, {"text", std::string(Channel::kMaxMessageBytes, 'a')}});
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->kind, Kind::failed);
  EXPECT_THAT(ended->reason, HasSubstr("4194304"));
}

TEST_F(ChannelTest, TextThatIsNotUtf8IsReplaced) {
  Channel peer(std::move(raw_));
  ASSERT_FALSE(peer.send({{"type", "x"}, {"text", "\xff"}}));
  EXPECT_EQ(std::get<Json>(channel_.receive(soon()))["text"], "\xEF\xBF\xBD");
}

TEST_F(ChannelTest, OneByteAtATime) {
  const std::string bytes = framed(R"({"type":"slow","value":7})");
  for (const char byte : bytes.substr(0, bytes.size() - 1)) {
    write_raw({byte});
    ASSERT_EQ(kind_of(channel_.receive(0)), Kind::timeout);
  }
  write_raw({bytes.back()});
  EXPECT_EQ(std::get<Json>(channel_.receive(0))["value"], 7);
}

TEST_F(ChannelTest, ASilentPeerIsATimeoutAndTheChannelGoesOn) {
  EXPECT_EQ(kind_of(channel_.receive(now_ns() + 1'000'000)), Kind::timeout);
  write_raw(framed(R"({"type":"late"})"));
  EXPECT_EQ(std::get<Json>(channel_.receive(soon()))["type"], "late");
}

TEST_F(ChannelTest, AnInterruptionIsReportedAndTheChannelGoesOn) {
  const UniqueFd interrupt(::eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK));
  write_raw(framed(R"({"type":"x"})"));
  EXPECT_EQ(kind_of(channel_.receive(soon(), interrupt.get())), Kind::interrupted);
  EXPECT_EQ(kind_of(channel_.receive(soon(), interrupt.get())), Kind::interrupted);
  EXPECT_EQ(std::get<Json>(channel_.receive(soon()))["type"], "x");
}

TEST_F(ChannelTest, AnInterruptionEndsTheWait) {
  const UniqueFd interrupt(::eventfd(0, EFD_CLOEXEC));
  std::thread interrupter([&] { ::eventfd_write(interrupt.get(), 1); });
  EXPECT_EQ(kind_of(channel_.receive(soon(), interrupt.get())), Kind::interrupted);
  interrupter.join();
}

TEST_F(ChannelTest, PeerClosedBetweenMessages) {
  raw_.reset();
  EXPECT_EQ(kind_of(channel_.receive(soon())), Kind::closed);
  EXPECT_EQ(kind_of(channel_.receive(soon())), Kind::closed);
  const auto ended = channel_.send({{"type", "x"}});
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->kind, Kind::closed);
}

TEST_F(ChannelTest, PeerGoneBeforeASend) {
  raw_.reset();
  const auto ended = channel_.send({{"type", "x"}});
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->kind, Kind::closed);
  EXPECT_THAT(ended->reason, HasSubstr("EPIPE"));
}

TEST_F(ChannelTest, TruncatedMessage) {
  write_raw(framed(R"({"type":"x"})").substr(0, 9));
  raw_.reset();
  EXPECT_EQ(kind_of(channel_.receive(soon())), Kind::closed);
  EXPECT_THAT(reason_, HasSubstr("inside a message, after 9 bytes"));
}

TEST_F(ChannelTest, LastWordsAreHeardAfterWhatCannotBeRead) {
  EXPECT_EQ(kind_after(framed("no JSON")), Kind::malformed);
  EXPECT_TRUE(channel_.send({{"type", "answer"}})) << "the channel is over";
  channel_.last_words({{"type", "failed"}});
  std::array<char, 64> heard{};
  const ssize_t size = ::recv(raw_.get(), heard.data(), heard.size(), MSG_DONTWAIT);
  ASSERT_GT(size, 0);
  EXPECT_EQ(std::string(heard.data(), static_cast<std::size_t>(size)),
            framed(R"({"type":"failed"})"));
  EXPECT_TRUE(channel_.send({{"type", "answer"}})) << "and stays so";
}

TEST_F(ChannelTest, OversizeIsRefusedBeforeItIsRead) {
  EXPECT_EQ(kind_after("\xff\xff\xff\xff"), Kind::malformed);
  EXPECT_THAT(reason_, HasSubstr("4294967295"));
  EXPECT_EQ(kind_after(framed(R"({"type":"x"})")), Kind::malformed) << "the end is final";
}

class MalformedTest : public ChannelTest, public testing::WithParamInterface<const char*> {};

TEST_P(MalformedTest, IsRefused) {
  EXPECT_EQ(kind_after(framed(GetParam())), Kind::malformed);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, MalformedTest,
    testing::Values("", "nonsense", "[]", "7", "{}", R"({"type":7})", R"({"kind":"x"})",
                    R"({"type":"x"} {})", R"({"type":"x",})", R"({"type":"x" /*c*/})",
                    R"({"type":"x","type":"y"})", R"({"type":"x","a":{"b":1,"b":1}})",
                    R"({"type":"x","n":1e999})", R"({"type":"x","n":NaN})", "{\"type\":\"\xff\"}"));

std::string nested(int depth) {
  const auto count = static_cast<std::size_t>(depth - 1);
  return R"({"type":"x","a":)" + std::string(count, '[') + std::string(count, ']') + "}";
}

TEST_F(ChannelTest, DepthIsCapped) {
  write_raw(framed(nested(Channel::kMaxDepth)));
  EXPECT_EQ(std::get<Json>(channel_.receive(soon()))["type"], "x");
  EXPECT_EQ(kind_after(framed(nested(Channel::kMaxDepth + 1))), Kind::malformed);
  EXPECT_THAT(reason_, HasSubstr("nested deeper than 16"));
}

TEST_F(ChannelTest, VeryDeepNestingCostsNoStack) {
  EXPECT_EQ(kind_after(framed(nested(40'000))), Kind::malformed);
}

TEST_F(ChannelTest, NumberOfValuesIsCapped) {
  std::string text = R"({"type":"x","a":[0)";
  for (std::size_t i = 0; i < Channel::kMaxValues; ++i) text += ",0";
  std::thread sender([&] { write_raw(framed(text + "]}")); });
  EXPECT_EQ(kind_of(channel_.receive(soon())), Kind::malformed);
  EXPECT_THAT(reason_, HasSubstr("more than 200000 values"));
  sender.join();
}

TEST(ChannelDeathTest, AMessageWithoutTypeIsABug) {
  auto [one, other] = channel_pair();
  Channel channel(std::move(one));
  EXPECT_DEATH(std::ignore = channel.send(Json::object()), "type");
}

/// A channel over two pipes, as a command's standard input and output are, and the ends of its
/// peer.
class PipeChannel : public testing::Test {
 protected:
  void SetUp() override {
    std::array<int, 2> to{};
    std::array<int, 2> from{};
    ASSERT_EQ(::pipe2(to.data(), O_CLOEXEC), 0);
    ASSERT_EQ(::pipe2(from.data(), O_CLOEXEC), 0);
    peer_in_.reset(to[0]);
    peer_out_.reset(from[1]);
    channel_.emplace(UniqueFd(from[0]), UniqueFd(to[1]));
    std::signal(SIGPIPE, SIG_IGN);
  }

  UniqueFd peer_in_;
  UniqueFd peer_out_;
  std::optional<Channel> channel_;
};

TEST_F(PipeChannel, CarriesMessagesLargerThanAPipeBothWays) {
  Channel peer(std::move(peer_in_), std::move(peer_out_));
  const Json large{{"type", "large"}, {"text", std::string(1U << 20U, 'x')}};
  const std::jthread answers([&] {
    const auto got = peer.receive(soon());
    ASSERT_TRUE(std::holds_alternative<Json>(got));
    EXPECT_EQ(peer.send(std::get<Json>(got)), std::nullopt);
  });
  ASSERT_FALSE(channel_->send(large));
  const auto back = channel_->receive(soon());
  ASSERT_TRUE(std::holds_alternative<Json>(back));
  EXPECT_EQ(std::get<Json>(back), large);
}

TEST_F(PipeChannel, KnowsThatItsPeerIsGone) {
  peer_in_.reset();
  peer_out_.reset();
  const auto end = channel_->receive(soon());
  ASSERT_TRUE(std::holds_alternative<ChannelEnd>(end));
  EXPECT_EQ(std::get<ChannelEnd>(end).kind, Kind::closed);
}

TEST_F(PipeChannel, KnowsWhenItWritesThatNobodyReads) {
  peer_in_.reset();
  const auto end = channel_->send({{"type", "anything"}});
  ASSERT_TRUE(end);
  EXPECT_EQ(end->kind, Kind::closed);
}

TEST_F(PipeChannel, WaitsNoLongerThanItMay) {
  const auto end = channel_->receive(now_ns());
  ASSERT_TRUE(std::holds_alternative<ChannelEnd>(end));
  EXPECT_EQ(std::get<ChannelEnd>(end).kind, Kind::timeout);
}

}  // namespace
}  // namespace ub::net
