#include "session.hpp"

#include <gtest/gtest.h>

#include "contract.hpp"
#include "uringbench/net/socket_options.hpp"

namespace ub::engine {
namespace {

constexpr std::uint32_t kSpareBacklog = 8;

Case with_clients(Case the_case, std::uint32_t clients) {
  the_case.clients = clients;
  return the_case;
}

bool reports_usage() {
  return probe().of(uring::Feature::send_zc_report_usage).present();
}

}  // namespace

Server::Server(const Case& the_case, BufferWatcher* watcher, ArrivalWatcher* arrivals) {
  net::SocketOptions options = net::server_options(the_case);
  if (the_case.reactors > 1) options.reuse_port = Switch::on;
  net::Listener listener = net::listen_on(net::loopback_endpoint(the_case.transport), options,
                                          the_case.clients + kSpareBacklog);
  endpoint_ = listener.endpoint;
  EngineSetup setup{.the_case = the_case,
                    .path = path::find(the_case.path),
                    .receive = receive::find(the_case.receive),
                    .listener = std::move(listener.fd),
                    .report_usage = reports_usage(),
                    .watcher = watcher,
                    .arrivals = arrivals};
  while (setup.more_listeners.size() + 1 < the_case.reactors) {
    setup.more_listeners.push_back(
        net::listen_on(endpoint_, options, the_case.clients + kSpareBacklog).fd);
  }
  engine_ = make_engine(std::move(setup));
  engine_->start();
}

bool Server::accepted(std::uint32_t clients) {
  return eventually([&] { return engine_->counts().accepted >= clients; });
}

bool Server::sent(std::uint64_t bytes) {
  return eventually([&] {
    const EngineCounts counts = engine_->counts();
    return counts.sends.bytes >= bytes || !counts.failure.empty();
  });
}

Session::Session(const Case& the_case, std::uint32_t receivers, BufferWatcher* watcher)
    : clients_(the_case.clients),
      server_(the_case, watcher),
      receiver_({.the_case = with_clients(the_case, receivers), .server = server_.endpoint()}) {}

void Session::go() {
  read();
  send();
}

void Session::send() {
  EXPECT_TRUE(server_.accepted(clients_)) << "not every client was accepted";
  server_->go();
}

Books Session::finish() {
  server_->finish(soon());
  EXPECT_EQ(receiver_.finish(soon()), load::Ending::all_closed);
  return {server_->counts(), receiver_.counts()};
}

Books run(const Case& the_case, std::uint64_t bytes, BufferWatcher* watcher) {
  Session session(the_case, watcher);
  session.go();
  EXPECT_TRUE(session.server().sent(bytes))
      << "sent only " << session.server()->counts().sends.bytes;
  return session.finish();
}

void expect_balanced(const Case& the_case, const Books& books) {
  const SendCounts& sends = books.engine.sends;
  EXPECT_EQ(books.engine.failure, "");
  EXPECT_EQ(books.receiver.failure, "");
  EXPECT_EQ(books.receiver.ended, the_case.clients);
  EXPECT_EQ(books.receiver.received_bytes, the_case.family == Family::none ? 0 : sends.bytes);
  EXPECT_EQ(sends.bytes, sends.messages * the_case.size_bytes);
  EXPECT_EQ(sends.messages, sends.operations * the_case.batch);
  EXPECT_TRUE(sends.errors.empty());
}

}  // namespace ub::engine
