// Requests are answered: by every engine and path, by every way of receiving, and with every
// feature of the ring switched.
#include <sys/socket.h>

#include <functional>

#include "contract.hpp"
#include "conversation.hpp"

namespace ub::engine {
namespace {

/// Requests that do not divide what one receive takes, so that they end anywhere in it.
Case asking(Case c) {
  c.workload = Workload::rr;
  c.request_size_bytes = 100;
  c.depth = 3;
  c.clients = 3;
  c.nodelay = Switch::on;
  c.receive = std::string(receive::default_for(c.engine, probe()).name);
  return c;
}

class RequestTest : public AnsweringTest {};

TEST_P(RequestTest, EachIsAnsweredOnce) {
  const Case c = asking(case_of(GetParam()));
  expect_answered(c, converse(c, 500));
}

TEST_P(RequestTest, ResponsesLargerThanTheSocketAreContinued) {
  Case c = asking(case_of(GetParam()));
  c.size_bytes = (300U << 10U) + 1;
  c.send_buffer_bytes = 8U << 10U;
  expect_answered(c, converse(c, 12));
}

TEST_P(RequestTest, ASpinningServerAnswersTheSame) {
  Case c = asking(case_of(GetParam()));
  c.wait = Wait::spin;
  expect_answered(c, converse(c, 200));
}

/// A request that stops in its middle is a fault of that client, which is named.
TEST_P(RequestTest, AClientThatEndsInTheMiddleOfARequestIsNamed) {
  Case c = asking(case_of(GetParam()));
  c.clients = 1;
  Server server(c);
  UniqueFd client = net::connect_to(server.endpoint(), net::client_options(c));
  EXPECT_TRUE(server.accepted(1));
  server->go();
  EXPECT_EQ(::send(client.get(), "half", 4, MSG_NOSIGNAL), 4);
  ::shutdown(client.get(), SHUT_WR);
  EXPECT_TRUE(eventually([&] { return !server->counts().failure.empty(); }));
  EXPECT_THAT(server->counts().failure,
              testing::AllOf(testing::HasSubstr("client 0"), testing::HasSubstr("middle")));
  server->finish(soon());
}

/// finish() waits for the clients' end, but not for ever.
TEST_P(RequestTest, AClientThatNeverEndsIsBrokenOffAtTheDeadline) {
  Case c = asking(case_of(GetParam()));
  c.clients = 1;
  Server server(c);
  const UniqueFd client = net::connect_to(server.endpoint(), net::client_options(c));
  EXPECT_TRUE(server.accepted(1));
  server->go();
  constexpr std::uint64_t kGraceNs = 50'000'000;
  server->finish(now_ns() + kGraceNs);
  EXPECT_THAT(server->counts().failure, testing::HasSubstr("1 connection"));
}

INSTANTIATE_TEST_SUITE_P(Contract, RequestTest, testing::ValuesIn(every_pair()), name_of_pair);

/// An engine and a way of receiving for which it has a factory.
struct ReceivePair {
  EngineKind engine = EngineKind::pthread;
  const receive::Descriptor* path = nullptr;
};

std::vector<ReceivePair> every_receive_pair() {
  std::vector<ReceivePair> pairs;
  for (const EngineKind engine : {EngineKind::pthread, EngineKind::epoll, EngineKind::uring}) {
    for (const receive::Descriptor& path : receive::registry()) {
      const bool legal = engine == EngineKind::uring ? static_cast<bool>(path.make_ring)
                                                     : static_cast<bool>(path.make_syscall);
      if (legal) pairs.push_back({engine, &path});
    }
  }
  return pairs;
}

std::string identifier(std::string name) {
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

class ReceivePathTest : public testing::TestWithParam<ReceivePair> {
 protected:
  void SetUp() override {
    const auto& [engine, path] = GetParam();
    if (const auto why = receive::why_unavailable(engine, *path, probe())) GTEST_SKIP() << *why;
  }

  static Case receiving(std::string_view send_path) {
    const auto& [engine, path] = GetParam();
    Case c = asking(case_of({engine, path::find(send_path)}));
    c.receive = std::string(path->name);
    return c;
  }

  static Case uploading() {
    Case c = receiving("null");
    c.workload = Workload::upload;
    c.request_size_bytes = 0;
    c.depth = 0;
    c.verify = Switch::off;
    return c;
  }
};

TEST_P(ReceivePathTest, BringsEveryRequest) {
  const Case c = receiving("two-copy");
  expect_answered(c, converse(c, 500));
}

TEST_P(ReceivePathTest, BringsRequestsLargerThanItsBuffers) {
  Case c = receiving("two-copy");
  c.request_size_bytes = 150'001;
  c.size_bytes = 7;
  expect_answered(c, converse(c, 50));
}

TEST_P(ReceivePathTest, BringsAnUploadInOrder) {
  expect_uploaded(uploading(), 8U << 20U);
}

TEST_P(ReceivePathTest, BringsManyUploads) {
  Case c = uploading();
  c.clients = 64;
  expect_uploaded(c, 16U << 20U);
}

INSTANTIATE_TEST_SUITE_P(Contract, ReceivePathTest, testing::ValuesIn(every_receive_pair()),
                         [](const auto& test) {
                           const std::string name = std::string(to_text(test.param.engine)) + "_" +
                                                    std::string(test.param.path->name);
                           return identifier(name);
                         });

/// One thing that a case may ask beyond the usual.
struct Feature {
  const char* name;
  std::function<void(Case&)> ask;
};

const std::vector<Feature> kRingFeatures = {
    {"plain", [](Case& c) { c.ring.setup = RingSetup::plain; }},
    {"coop", [](Case& c) { c.ring.setup = RingSetup::coop; }},
    {"defer", [](Case& c) { c.ring.setup = RingSetup::defer; }},
    {"sqpoll", [](Case& c) { c.ring.setup = RingSetup::sqpoll; }},
    {"registered_files", [](Case& c) { c.ring.registered_files = Switch::on; }},
    {"plain_ring_fd", [](Case& c) { c.ring.registered_fd = Switch::off; }},
    {"poll_first", [](Case& c) { c.ring.poll_first = Switch::on; }},
    {"napi", [](Case& c) { c.ring.napi_busy_poll_us = 10; }},
    {"min_wait", [](Case& c) { c.ring.min_wait_us = 50; }},
    {"small_cq",
     [](Case& c) {
       c.ring.cq_entries = 64;
       c.clients = 64;
     }},
    {"spin", [](Case& c) { c.wait = Wait::spin; }},
    {"two_reactors",
     [](Case& c) {
       c.reactors = 2;
       c.clients = 16;
     }},
    {"ipv6", [](Case& c) { c.transport = Transport::tcp6; }},
    {"unix",
     [](Case& c) {
       c.transport = Transport::unix_stream;
       c.congestion.clear();
       c.nodelay = Switch::off;
     }},
};

class RingFeatureTest : public testing::TestWithParam<std::tuple<Feature, std::string_view>> {
 protected:
  static Case asked() {
    Case c = asking(case_of({EngineKind::uring, path::find(std::get<1>(GetParam()))}));
    std::get<0>(GetParam()).ask(c);
    return c;
  }
  void SetUp() override {
    const Case c = asked();
    const path::Descriptor& path = *path::find(c.path);
    if (const auto why = path::why_unavailable(c.engine, path, probe())) GTEST_SKIP() << *why;
    if (c.transport == Transport::unix_stream && c.family == Family::zero_copy) {
      GTEST_SKIP() << "unix sockets have no zero-copy sends";
    }
  }
};

TEST_P(RingFeatureTest, AnswersRequests) {
  const Case c = asked();
  try {
    expect_answered(c, converse(c, 300));
  } catch (const SetupError& error) {
    GTEST_SKIP() << error.what();  // this kernel lacks the feature, and says which
  }
}

TEST_P(RingFeatureTest, Streams) {
  Case c = asked();
  if (c.transport != Transport::tcp || c.reactors > 1) GTEST_SKIP() << "answered requests will do";
  c.workload = Workload::stream;
  c.receive.clear();
  try {
    expect_balanced(c, run(c, 4U << 20U));
  } catch (const SetupError& error) {
    GTEST_SKIP() << error.what();
  }
}

INSTANTIATE_TEST_SUITE_P(Contract, RingFeatureTest,
                         testing::Combine(testing::ValuesIn(kRingFeatures),
                                          testing::Values("two-copy", "bundle", "send-zc-fixed",
                                                          "msg-zerocopy")),
                         [](const auto& test) {
                           return identifier(std::string(std::get<0>(test.param).name) + "_" +
                                             std::string(std::get<1>(test.param)));
                         });

}  // namespace
}  // namespace ub::engine
