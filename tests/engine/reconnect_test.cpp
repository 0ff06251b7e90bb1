// A connection for each request: every engine and path accepts, answers and closes it, forgets it,
// and counts what the clients count.
#include <gmock/gmock.h>
#include <sys/socket.h>

#include <filesystem>

#include "contract.hpp"
#include "conversation.hpp"
#include "raw_client.hpp"

namespace ub::engine {
namespace {

constexpr std::uint32_t kClients = 3;

Case reconnecting(Case c) {
  c.workload = Workload::crr;
  c.request_size_bytes = 100;
  c.clients = kClients;
  c.nodelay = Switch::on;
  c.receive = std::string(receive::default_for(c.engine, probe()).name);
  return c;
}

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator own("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(own), end(own)));
}

void expect_reconnected(const Case& c, const Conversation& conversation) {
  expect_answered(c, conversation);
  const auto& [engine, requests] = conversation;
  EXPECT_EQ(requests.connections, requests.responses);
  EXPECT_EQ(engine.arrivals.connections, requests.connections);
  EXPECT_EQ(engine.accepted, requests.connections + c.clients);
  EXPECT_EQ(engine.strangers, 0U);
  EXPECT_EQ(requests.ended, c.clients);
}

class ReconnectTest : public AnsweringTest {};

TEST_P(ReconnectTest, EachConnectionIsAnsweredOnceAndClosed) {
  const Case c = reconnecting(case_of(GetParam()));
  expect_reconnected(c, converse(c, 300));
}

TEST_P(ReconnectTest, ResponsesLargerThanTheSocketAreContinued) {
  Case c = reconnecting(case_of(GetParam()));
  c.size_bytes = (300U << 10U) + 1;
  c.send_buffer_bytes = 8U << 10U;
  expect_reconnected(c, converse(c, 12));
}

/// Whatever comes and goes, what is open at the end does not grow with it.
TEST_P(ReconnectTest, NothingIsLeftOfAConnectionThatHasEnded) {
  const Case c = reconnecting(case_of(GetParam()));
  Server server(c);
  load::Crew crew({.the_case = c, .server = server.endpoint()});
  crew.start();
  ASSERT_TRUE(server.accepted(c.clients));
  const std::size_t before = open_descriptors();
  server->go();
  crew.go();
  ASSERT_TRUE(eventually([&] { return crew.counts().connections >= 300; }));
  ASSERT_EQ(crew.finish(soon()), load::Ending::all_closed);
  EXPECT_TRUE(eventually([&] { return open_descriptors() <= before; }));
  EXPECT_EQ(server->counts().failure, "");
  server->finish(soon());
}

/// The clients have ended, so who is still there is none of them.
TEST_P(ReconnectTest, AStrangerWhoStaysIsTurnedAwayAtTheEnd) {
  const Case c = reconnecting(case_of(GetParam()));
  Server server(c);
  load::Crew crew({.the_case = c, .server = server.endpoint()});
  crew.start();
  ASSERT_TRUE(server.accepted(c.clients));
  server->go();
  const RawClient stranger(c, server.endpoint());
  ASSERT_TRUE(server.accepted(c.clients + 1));
  crew.go();
  ASSERT_TRUE(eventually([&] { return crew.counts().responses >= 20; }));
  ASSERT_EQ(crew.finish(soon()), load::Ending::all_closed);
  server->finish(soon());
  EXPECT_EQ(server->counts().failure, "");
  EXPECT_EQ(server->counts().strangers, 1U);
  EXPECT_EQ(server->counts().arrivals.connections, crew.counts().connections);
}

INSTANTIATE_TEST_SUITE_P(Contract, ReconnectTest, testing::ValuesIn(every_pair()), name_of_pair);

/// What a case of the two loops may vary.
struct Variation {
  const char* name;
  EngineKind engine;
  void (*apply)(Case&);
};

/// GoogleTest prints a parameter by this.
void PrintTo(const Variation& variation,
             std::ostream* out) {  // NOLINT(readability-identifier-naming)
  *out << variation.name;
}

class ReconnectVariationTest : public testing::TestWithParam<Variation> {};

TEST_P(ReconnectVariationTest, CountsTheSame) {
  const Pair pair{GetParam().engine, path::find("two-copy")};
  Case c = reconnecting(case_of(pair));
  GetParam().apply(c);
  const receive::Descriptor* receive = receive::find(c.receive);
  if (const auto why = receive::why_unavailable(c.engine, *receive, probe())) GTEST_SKIP() << *why;
  expect_reconnected(c, converse(c, 300));
}

constexpr auto kPthread = EngineKind::pthread;
constexpr auto kEpoll = EngineKind::epoll;
constexpr auto kUring = EngineKind::uring;

void over_unix(Case& c) {
  c.transport = Transport::unix_stream;
  c.nodelay = Switch::off;
  c.congestion.clear();
}

const std::vector<Variation> kVariations = {
    {"EpollSingle", kEpoll, [](Case& c) { c.accept = Accept::single; }},
    {"EpollReactors", kEpoll, [](Case& c) { c.reactors = 2; }},
    {"EpollSpins", kEpoll, [](Case& c) { c.wait = Wait::spin; }},
    {"PthreadSpins", kPthread, [](Case& c) { c.wait = Wait::spin; }},
    {"PthreadUnix", kPthread, over_unix},
    {"EpollUnix", kEpoll, over_unix},
    {"UringUnix", kUring, over_unix},
    {"PthreadTcp6", kPthread, [](Case& c) { c.transport = Transport::tcp6; }},
    {"UringSingleAccept", kUring, [](Case& c) { c.accept = Accept::single; }},
    {"UringSingleReceive", kUring, [](Case& c) { c.receive = "single"; }},
    {"UringBundle", kUring, [](Case& c) { c.receive = "bundle"; }},
    {"UringIncremental", kUring, [](Case& c) { c.receive = "incremental"; }},
    {"UringReadFixed", kUring, [](Case& c) { c.receive = "read-fixed"; }},
    {"UringReactors", kUring, [](Case& c) { c.reactors = 2; }},
    {"UringSpins", kUring, [](Case& c) { c.wait = Wait::spin; }},
    {"UringRegisteredFiles", kUring, [](Case& c) { c.ring.registered_files = Switch::on; }},
    {"UringManyClients", kUring, [](Case& c) { c.clients = 50; }},
    {"EpollOneByte", kEpoll,
     [](Case& c) {
       c.size_bytes = 1;
       c.request_size_bytes = 1;
       c.fields = 1;
     }},
};

INSTANTIATE_TEST_SUITE_P(Variations, ReconnectVariationTest, testing::ValuesIn(kVariations),
                         [](const auto& of) { return std::string(of.param.name); });

}  // namespace
}  // namespace ub::engine
