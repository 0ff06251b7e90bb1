// The clients that make a connection for each request, against servers that err.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <memory>

#include "answering_server.hpp"
#include "any_message.hpp"
#include "support/in_child.hpp"
#include "uringbench/load/crew.hpp"
#include "uringbench/net/dialer.hpp"
#include "uringbench/net/socket_options.hpp"

namespace ub::load {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Mark = Crew::Mark;

Case reconnecting_case(std::uint32_t clients) {
  Case c = asking_case(clients);
  c.workload = Workload::crr;
  c.depth = 0;
  return c;
}

/// What the server does with the connection of request `index`; it is closed afterwards.
using Answer = std::function<void(int fd, std::uint64_t index)>;

/// Keeps the clients' first connections until they end, and answers each that comes after them.
class OneAnswerServer {
 public:
  OneAnswerServer(const Case& the_case, Answer answer)
      : listener_(net::listen_on({"127.0.0.1", 0}, {}, 2 * the_case.clients)),
        thread_([this, clients = the_case.clients, answer = std::move(answer)] {
          std::vector<UniqueFd> sessions;
          while (sessions.size() < clients) sessions.push_back(accept());
          while (!sessions.empty() && serve(sessions, answer)) {
          }
        }) {}
  ~OneAnswerServer() { ::shutdown(listener_.fd.get(), SHUT_RDWR); }
  OneAnswerServer(const OneAnswerServer&) = delete;
  OneAnswerServer& operator=(const OneAnswerServer&) = delete;

  [[nodiscard]] const net::Endpoint& endpoint() const { return listener_.endpoint; }
  [[nodiscard]] std::uint64_t requests() const { return requests_; }

 private:
  UniqueFd accept() {
    return UniqueFd(::accept4(listener_.fd.get(), nullptr, nullptr, SOCK_CLOEXEC));
  }

  /// False when the listener was shut down.
  bool serve(std::vector<UniqueFd>& sessions, const Answer& answer) {
    std::vector<pollfd> wait{{listener_.fd.get(), POLLIN, 0}};
    for (const UniqueFd& session : sessions) wait.push_back({session.get(), POLLIN, 0});
    if (::poll(wait.data(), wait.size(), -1) < 0) return false;
    std::erase_if(sessions, [&](const UniqueFd& session) {
      return std::any_of(wait.begin() + 1, wait.end(), [&](const pollfd& each) {
        return each.fd == session.get() && each.revents != 0;
      });
    });
    if (wait[0].revents == 0) return true;
    const UniqueFd socket = accept();
    if (socket) answer(socket.get(), requests_++);
    return static_cast<bool>(socket);
  }

  net::Listener listener_;
  std::atomic<std::uint64_t> requests_ = 0;
  std::jthread thread_;
};

void take_request(const Case& c, int fd) {
  std::vector<std::byte> request(c.request_size_bytes);
  ASSERT_EQ(::recv(fd, request.data(), request.size(), MSG_WAITALL),
            static_cast<ssize_t>(request.size()));
}

/// Each connection gets the next message of the set.
Answer good_answer(const Case& c) {
  auto messages = std::make_shared<net::MessageSet>(net::shape_of(c), net::Layout::contiguous);
  return [c, messages](int fd, std::uint64_t index) {
    take_request(c, fd);
    const auto message = static_cast<std::uint32_t>(index % messages->count());
    send_all(fd, {messages->at(message), c.size_bytes});
  };
}

/// Runs until it fails; what it says.
std::string failure_with(const Case& c, const Answer& answer) {
  OneAnswerServer server(c, answer);
  Crew crew({.the_case = c, .server = server.endpoint()});
  crew.start();
  crew.go();
  EXPECT_TRUE(eventually([&] { return !crew.counts().failure.empty(); }));
  crew.abort();
  return crew.counts().failure;
}

class ReconnectorTest : public testing::TestWithParam<std::tuple<std::uint32_t, Wait>> {
 protected:
  ReconnectorTest() : case_(reconnecting_case(std::get<0>(GetParam()))) {
    case_.client_wait = std::get<1>(GetParam());
  }

  Case case_;
};

TEST_P(ReconnectorTest, CountsBalanceToTheByte) {
  OneAnswerServer server(case_, good_answer(case_));
  Crew crew({.the_case = case_, .server = server.endpoint()});
  crew.start();
  crew.mark_window(Mark::begin);
  crew.go();
  ASSERT_TRUE(eventually([&] { return crew.counts().connections >= 300; }));
  crew.mark_window(Mark::end);
  EXPECT_EQ(crew.finish(soon()), Ending::all_closed);
  const Counts counts = crew.counts();
  EXPECT_EQ(counts.failure, "");
  EXPECT_EQ(counts.connections, server.requests());
  EXPECT_EQ(counts.requests, counts.connections);
  EXPECT_EQ(counts.responses, counts.connections);
  EXPECT_EQ(counts.sent_bytes, counts.requests * case_.request_size_bytes);
  EXPECT_EQ(counts.received_bytes, counts.responses * case_.size_bytes);
  EXPECT_EQ(counts.ended, case_.clients);
  const LatencyReport report = crew.latency();
  EXPECT_GE(report.response.count(), 290U);
  EXPECT_EQ(report.unanswered(), 0U);
  EXPECT_FALSE(report.offered_per_s);
  // The response counts from before the connecting, the service from the request.
  EXPECT_GT(report.response.quantile(0.5), report.service.quantile(0.5));
}

INSTANTIATE_TEST_SUITE_P(Shapes, ReconnectorTest,
                         testing::Combine(testing::Values(1U, 5U),
                                          testing::Values(Wait::block, Wait::spin)));

TEST(ReconnectorFailureTest, AFlippedByteIsNamed) {
  const Case c = reconnecting_case(2);
  const net::MessageSet messages(net::shape_of(c), net::Layout::contiguous);
  EXPECT_THAT(failure_with(c,
                           [&](int fd, std::uint64_t index) {
                             take_request(c, fd);
                             const std::byte* third = messages.at(3);
                             std::vector<std::byte> response(third, third + c.size_bytes);
                             if (index >= 20) response[17] ^= std::byte{1};
                             send_all(fd, response);
                           }),
              HasSubstr("(byte 17 of message 3)"));
}

TEST(ReconnectorFailureTest, AResponseThatIsNoneOfTheSetIsNamed) {
  const Case c = reconnecting_case(1);
  EXPECT_THAT(failure_with(c,
                           [&](int fd, std::uint64_t) {
                             take_request(c, fd);
                             send_all(fd, std::vector<std::byte>(c.size_bytes));
                           }),
              HasSubstr("is 0x00, not"));
}

TEST(ReconnectorFailureTest, AResponseThatIsCutShortIsNamed) {
  const Case c = reconnecting_case(1);
  const net::MessageSet messages(net::shape_of(c), net::Layout::contiguous);
  EXPECT_THAT(failure_with(c,
                           [&](int fd, std::uint64_t) {
                             take_request(c, fd);
                             send_all(fd, {messages.at(0), 500});
                           }),
              HasSubstr("ended at byte 500"));
}

TEST(ReconnectorFailureTest, AConnectionThatIsClosedWithoutAResponseIsNamed) {
  const Case c = reconnecting_case(1);
  EXPECT_THAT(failure_with(c, [&](int fd, std::uint64_t) { take_request(c, fd); }),
              HasSubstr("closed the connection with 1 requests unanswered"));
}

TEST(ReconnectorFailureTest, MoreThanAResponseIsNamed) {
  const Case c = reconnecting_case(1);
  const std::vector<std::byte> two = stream_of(c, 2);
  EXPECT_THAT(failure_with(c,
                           [&](int fd, std::uint64_t) {
                             take_request(c, fd);
                             send_all(fd, two);
                           }),
              HasSubstr("answers no request"));
}

TEST(ReconnectorFailureTest, AServerThatListensNoMoreIsNamed) {
  const Case c = reconnecting_case(1);
  net::Listener listener = net::listen_on({"127.0.0.1", 0}, {}, 1);
  Crew crew({.the_case = c, .server = listener.endpoint});
  const UniqueFd session(::accept4(listener.fd.get(), nullptr, nullptr, SOCK_CLOEXEC));
  listener.fd.reset();
  crew.start();
  crew.go();
  EXPECT_TRUE(eventually([&] { return !crew.counts().failure.empty(); }));
  EXPECT_THAT(crew.counts().failure,
              AllOf(HasSubstr("client 0: connect: ECONNREFUSED"), HasSubstr("no server listens")));
  crew.abort();
}

void raise_loopback() {
  const UniqueFd any(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  ASSERT_EQ(::ioctl(any.get(), SIOCSIFFLAGS, &request), 0);
}

/// Four clients' first connections and the listener take five of six ports.
std::string run_out_of_ports() {
  if (::unshare(CLONE_NEWNET) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) {
    return "no namespace";
  }
  raise_loopback();
  std::ofstream("/proc/sys/net/ipv4/ip_local_port_range") << "40000 40005\n";
  const Case c = reconnecting_case(4);
  return failure_with(c, [&](int fd, std::uint64_t) { take_request(c, fd); });
}

TEST(ReconnectorFailureTest, PortsThatRunOutAreNamedByTheirLimit) {
  const test::ChildReport report = test::in_child(run_out_of_ports);
  if (report.text == "no namespace") GTEST_SKIP() << "this user may make no network namespace";
  EXPECT_THAT(report.text, AllOf(HasSubstr("connect: EADDRNOTAVAIL"),
                                 HasSubstr("net.ipv4.ip_local_port_range = 40000")));
}

TEST(DialerTest, SetsWhatIsAskedAndNothingElse) {
  const net::Listener listener = net::listen_on({"127.0.0.1", 0}, {}, 4);
  net::SocketOptions options;
  options.nodelay = Switch::on;
  options.receive_buffer_bytes = 60'000;
  const UniqueFd usual = net::connect_to(listener.endpoint, options);
  const net::Dialer::Dialed dialed = net::Dialer(listener.endpoint, options).dial();
  ASSERT_EQ(dialed.error, 0);
  pollfd writable{dialed.fd.get(), POLLOUT, 0};
  ASSERT_EQ(::poll(&writable, 1, 10'000), 1);
  EXPECT_EQ(net::connect_error(dialed.fd.get()), 0);
  EXPECT_EQ(net::effective_options(dialed.fd.get()), net::effective_options(usual.get()));
}

TEST(AnyMessageTest, TakesEachMessageInPiecesOfAnySize) {
  const Case c = small_case();
  const net::MessageSet messages(net::shape_of(c), net::Layout::contiguous);
  const MessageFinder finder(messages);
  for (std::uint32_t index = 0; index < messages.count(); ++index) {
    for (const std::size_t piece : {1U, 3U, 8U, 400U, 2000U}) {
      AnyMessageVerifier verifier(finder);
      std::span<const std::byte> left(messages.at(index), messages.size_bytes());
      while (!left.empty()) {
        const std::size_t length = std::min(piece, left.size());
        ASSERT_FALSE(verifier.take(left.first(length))) << "message " << index;
        left = left.subspan(length);
      }
    }
  }
}

}  // namespace
}  // namespace ub::load
