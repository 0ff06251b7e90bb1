// Who connects without the token of the sample is turned away and counted, and nobody waits for it.
#include "uringbench/net/token.hpp"

#include "contract.hpp"
#include "raw_client.hpp"
#include "session.hpp"

namespace ub::engine {
namespace {

class TokenTest : public testing::TestWithParam<std::tuple<EngineKind, Transport>> {
 protected:
  TokenTest() {
    case_ = case_of({std::get<0>(GetParam()), path::find("two-copy")});
    case_.transport = std::get<1>(GetParam());
    if (case_.transport == Transport::unix_stream) case_.congestion.clear();
    net::Listener listener = net::listen_on(net::loopback_endpoint(case_.transport),
                                            net::server_options(case_), case_.clients);
    endpoint_ = listener.endpoint;
    net::expect_token(listener.fd.get());
    engine_ = make_engine({.the_case = case_,
                           .path = path::find(case_.path),
                           .listener = std::move(listener.fd),
                           .token = token_});
    engine_->start();
  }

  void expect_a_whole_stream() {
    load::Crew crew({.the_case = case_, .server = endpoint_, .token = token_});
    ASSERT_TRUE(eventually([&] { return engine_->counts().accepted == case_.clients; }));
    crew.start();
    engine_->go();
    ASSERT_TRUE(eventually([&] { return crew.counts().received_bytes > (1U << 20U); }));
    engine_->finish(soon());
    EXPECT_EQ(crew.finish(soon()), load::Ending::all_closed);
    const EngineCounts counts = engine_->counts();
    EXPECT_EQ(counts.failure, "");
    EXPECT_EQ(counts.accepted, case_.clients);
    EXPECT_EQ(counts.sends.bytes, crew.counts().received_bytes);
  }

  Case case_;
  std::string token_ = net::draw_token();
  net::Endpoint endpoint_;
  std::unique_ptr<Engine> engine_;
};

TEST_P(TokenTest, AStrangerWhoSpeaksIsTurnedAway) {
  const RawClient stranger(case_, endpoint_);
  net::present_token(stranger.fd(), net::draw_token());
  ASSERT_TRUE(eventually([&] { return engine_->counts().strangers == 1; }));
  expect_a_whole_stream();
}

TEST_P(TokenTest, NobodyWaitsForAStrangerWhoIsSilent) {
  if (case_.transport == Transport::unix_stream) {
    GTEST_SKIP() << "a silent process of this user has two seconds: the kernel has no option that "
                    "holds its connection back";
  }
  const RawClient stranger(case_, endpoint_);
  expect_a_whole_stream();
  EXPECT_EQ(engine_->counts().strangers, 0U);  // accept(2) never saw it
}

INSTANTIATE_TEST_SUITE_P(
    Doors, TokenTest,
    testing::Combine(testing::Values(EngineKind::pthread, EngineKind::epoll, EngineKind::uring),
                     testing::Values(Transport::tcp, Transport::tcp6, Transport::unix_stream)));

}  // namespace
}  // namespace ub::engine
