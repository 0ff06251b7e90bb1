#include "conversation.hpp"

#include <gtest/gtest.h>

namespace ub::engine {
VerifyingArrivals::VerifyingArrivals(const Case& the_case)
    : messages_(net::shape_of(the_case), net::Layout::contiguous),
      streams_(the_case.clients, load::StreamVerifier(messages_)) {}

void VerifyingArrivals::arrived(std::uint32_t connection, std::span<const std::byte> bytes) {
  const std::scoped_lock lock(mutex_);
  bytes_ += bytes.size();
  if (!wrong_.empty()) return;
  if (connection >= streams_.size()) {
    wrong_ = "there is no connection " + std::to_string(connection);
  } else if (const auto mismatch = streams_[connection].take(bytes)) {
    wrong_ = "connection " + std::to_string(connection) + ": byte " +
             std::to_string(mismatch->offset) + " is wrong";
  }
}

Conversation converse(const Case& the_case, std::uint64_t responses) {
  Server server(the_case);
  load::Crew requester({.the_case = the_case, .server = server.endpoint()});
  requester.start();
  EXPECT_TRUE(server.accepted(the_case.clients));
  server->go();
  requester.go();
  EXPECT_TRUE(eventually([&] {
    const load::Counts counts = requester.counts();
    return counts.responses >= responses || !counts.failure.empty() ||
           !server->counts().failure.empty();
  }));
  // The server ends when its clients have, so it is told at the same time; and where each request
  // has its connection, no connection tells it, so it is told afterwards.
  std::jthread ending;
  if (!connects_per_request(the_case.workload)) {
    ending = std::jthread([&] { server->finish(soon()); });
  }
  EXPECT_EQ(requester.finish(soon()), load::Ending::all_closed);
  if (ending.joinable()) {
    ending.join();
  } else {
    server->finish(soon());
  }
  return {server->counts(), requester.counts()};
}

void expect_answered(const Case& the_case, const Conversation& conversation) {
  const auto& [engine, requests] = conversation;
  EXPECT_EQ(engine.failure, "");
  EXPECT_EQ(requests.failure, "");
  EXPECT_EQ(requests.responses, requests.requests);
  EXPECT_EQ(requests.sent_bytes, requests.requests * the_case.request_size_bytes);
  EXPECT_EQ(engine.arrivals.bytes, requests.sent_bytes);
  EXPECT_EQ(engine.sends.bytes, requests.received_bytes);
  EXPECT_EQ(engine.sends.messages, requests.responses);
  EXPECT_GT(engine.arrivals.receives, 0U);
  const ZeroCopyCounts& zc = engine.zero_copy;
  EXPECT_EQ(zc.sends, zc.real + zc.copied + zc.unreported);
}

void expect_uploaded(const Case& the_case, std::uint64_t bytes) {
  VerifyingArrivals arrivals(the_case);
  Server server(the_case, nullptr, &arrivals);
  load::Crew uploader({.the_case = the_case, .server = server.endpoint()});
  uploader.start();
  EXPECT_TRUE(server.accepted(the_case.clients));
  server->go();
  uploader.go();
  EXPECT_TRUE(eventually([&] {
    return server->counts().arrivals.bytes >= bytes || !server->counts().failure.empty();
  }));
  std::jthread ending([&] { server->finish(soon()); });
  EXPECT_EQ(uploader.finish(soon()), load::Ending::all_closed);
  ending.join();
  const EngineCounts counts = server->counts();
  EXPECT_EQ(counts.failure, "");
  EXPECT_EQ(uploader.counts().failure, "");
  EXPECT_EQ(uploader.counts().ended, the_case.clients);
  EXPECT_EQ(counts.arrivals.bytes, uploader.counts().sent_bytes);
  EXPECT_EQ(counts.sends.bytes, 0U);
  const receive::Descriptor* receive = receive::find(the_case.receive);
  const bool discards = receive->delivery == receive::Delivery::discarded;
  EXPECT_EQ(arrivals.bytes(), discards ? 0 : counts.arrivals.bytes);
  EXPECT_EQ(arrivals.wrong(), "");
}

}  // namespace ub::engine
