#include "uringbench/net/socket.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <climits>
#include <functional>

#include "uringbench/base/error.hpp"
#include "uringbench/base/unique_fd.hpp"
#include "uringbench/net/connection_facts.hpp"

namespace ub::net {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const Endpoint any_port{"127.0.0.1", 0};

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const SetupError& error) {
    return error.what();
  }
  return "no SetupError";
}

UniqueFd tcp_socket() {
  return UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

TEST(SocketTest, ListenerNamesThePortTheKernelChose) {
  const Listener listener = listen_on(any_port, {}, 1);
  EXPECT_EQ(listener.endpoint.address, "127.0.0.1");
  EXPECT_NE(listener.endpoint.port, 0);
  EXPECT_EQ(to_text(Endpoint{"10.0.0.1", 5201}), "10.0.0.1:5201");
}

TEST(SocketTest, ConnectionIsBlockingAndReachesTheListener) {
  const Listener listener = listen_on(any_port, {}, 1);
  const UniqueFd client = connect_to(listener.endpoint, {});
  const UniqueFd server(::accept4(listener.fd.get(), nullptr, nullptr, SOCK_CLOEXEC));
  ASSERT_TRUE(server);
  ASSERT_EQ(::send(server.get(), "x", 1, MSG_NOSIGNAL), 1);
  char byte = 0;
  EXPECT_EQ(::recv(client.get(), &byte, 1, 0), 1);
  EXPECT_EQ(byte, 'x');
  EXPECT_EQ(::fcntl(client.get(), F_GETFL) & O_NONBLOCK, 0);
}

TEST(SocketTest, AcceptedSocketsInheritTheOptions) {
  SocketOptions options;
  options.nodelay = Switch::on;
  options.congestion = "reno";
  options.send_buffer_bytes = 65'536;
  const Listener listener = listen_on(any_port, options, 1);
  const UniqueFd client = connect_to(listener.endpoint, {});
  const UniqueFd server(::accept4(listener.fd.get(), nullptr, nullptr, SOCK_CLOEXEC));
  Facts facts = effective_options(server.get());
  EXPECT_EQ(facts["nodelay"], "on");
  EXPECT_EQ(facts["congestion"], "reno");
  EXPECT_EQ(facts["send_buffer_bytes"], "131072");
  EXPECT_EQ(effective_options(client.get())["nodelay"], "off");
}

TEST(SocketTest, AConnectionTellsWhatTcpKnowsOfIt) {
  const Listener listener = listen_on(any_port, {}, 1);
  const UniqueFd client = connect_to(listener.endpoint, {});
  const Facts facts = connection_facts(client.get());
  EXPECT_GT(std::stoul(facts.at("mss_bytes")), 536U);
  for (const char* each : {"tcp_segments_out", "tcp_retransmits", "tcp_rtt_us", "tcp_cwnd_segments",
                           "tcp_delivery_rate_bytes_per_s"}) {
    EXPECT_TRUE(facts.contains(each)) << each;
  }
  EXPECT_TRUE(is_connected(client.get()));
  EXPECT_FALSE(is_connected(listener.fd.get()));
  EXPECT_FALSE(is_connected(-1));
}

TEST(SocketTest, ClientOptionsAreReadBack) {
  SocketOptions options;
  options.receive_buffer_bytes = 262'144;
  options.receive_lowat_bytes = 131'072;
  const UniqueFd fd = tcp_socket();
  apply_options(fd.get(), options);
  Facts facts = effective_options(fd.get());
  EXPECT_EQ(facts["receive_buffer_bytes"], "524288");
  EXPECT_EQ(facts["receive_lowat_bytes"], "131072");
  EXPECT_EQ(facts["nodelay"], "off");
}

TEST(SocketTest, CaseGivesEachEndItsOptions) {
  Case c;
  c.nodelay = Switch::on;
  c.congestion = "cubic";
  c.send_buffer_bytes = 1;
  c.receive_buffer_bytes = 2;
  c.client_lowat_bytes = 3;
  const SocketOptions server = server_options(c);
  const SocketOptions client = client_options(c);
  EXPECT_EQ(server.congestion, "cubic");
  EXPECT_EQ(server.nodelay, Switch::on);
  EXPECT_EQ(server.send_buffer_bytes, 1U);
  EXPECT_EQ(server.receive_buffer_bytes, 0U);
  EXPECT_EQ(server.receive_lowat_bytes, 0U);
  EXPECT_EQ(client.congestion, "cubic");
  EXPECT_EQ(client.nodelay, Switch::on);
  EXPECT_EQ(client.send_buffer_bytes, 0U);
  EXPECT_EQ(client.receive_buffer_bytes, 2U);
  EXPECT_EQ(client.receive_lowat_bytes, 3U);
}

TEST(SocketTest, PortInUseIsNamed) {
  const Listener listener = listen_on(any_port, {}, 1);
  const std::string port = std::to_string(listener.endpoint.port);
  EXPECT_THAT(message_of([&] { listen_on(listener.endpoint, {}, 1); }),
              AllOf(HasSubstr("port " + port + " in use"), HasSubstr("EADDRINUSE"),
                    HasSubstr("another port")));
}

TEST(SocketTest, ForeignAddressAndTextAreRefused) {
  EXPECT_THAT(message_of([] { listen_on({"192.0.2.1", 0}, {}, 1); }), HasSubstr("EADDRNOTAVAIL"));
  EXPECT_THAT(message_of([] {
                listen_on({"localhost", 0}, {}, 1);
              }),
              AllOf(HasSubstr("'localhost'"), HasSubstr("numeric IPv4")));
}

TEST(SocketTest, NobodyListening) {
  Listener listener = listen_on(any_port, {}, 1);
  listener.fd.reset();
  EXPECT_THAT(message_of([&] { connect_to(listener.endpoint, {}); }),
              AllOf(HasSubstr(to_text(listener.endpoint)), HasSubstr("ECONNREFUSED")));
}

TEST(SocketTest, UnknownCongestionControlIsRefusedWithWhatExists) {
  for (const char* name : {"nosuch", "reno-is-not-the-name-of-this-one"}) {
    SocketOptions options;
    options.congestion = name;
    EXPECT_THAT(message_of([&] { apply_options(tcp_socket().get(), options); }),
                AllOf(HasSubstr(name), HasSubstr("tcp_available_congestion_control"),
                      HasSubstr("reno"), HasSubstr("modprobe tcp_")));
  }
}

TEST(SocketTest, ClampedBuffersAreRefusedWithTheSysctl) {
  SocketOptions send;
  send.send_buffer_bytes = 1ULL << 30U;
  EXPECT_THAT(
      message_of([&] { apply_options(tcp_socket().get(), send); }),
      AllOf(HasSubstr("SO_SNDBUF of 1073741824"), HasSubstr("sysctl -w net.core.wmem_max=")));
  SocketOptions receive;
  receive.receive_buffer_bytes = 1ULL << 30U;
  EXPECT_THAT(message_of([&] { apply_options(tcp_socket().get(), receive); }),
              AllOf(HasSubstr("SO_RCVBUF"), HasSubstr("net.core.rmem_max")));
}

TEST(SocketTest, BuffersBelowTheKernelsLeastAreRefused) {
  SocketOptions options;
  options.send_buffer_bytes = 1;
  EXPECT_THAT(message_of([&] { apply_options(tcp_socket().get(), options); }),
              HasSubstr("ask for that or more"));
}

TEST(SocketTest, LowatAboveHalfTheBufferIsRefused) {
  SocketOptions options;
  options.receive_buffer_bytes = 65'536;
  options.receive_lowat_bytes = 131'072;
  EXPECT_THAT(message_of([&] { apply_options(tcp_socket().get(), options); }),
              AllOf(HasSubstr("SO_RCVLOWAT of 131072"), HasSubstr("tcp_rmem")));
}

TEST(SocketTest, SizesBeyondAnIntAreRefused) {
  SocketOptions options;
  options.receive_lowat_bytes = std::uint64_t{INT_MAX} + 1;
  EXPECT_THAT(message_of([&] { apply_options(tcp_socket().get(), options); }),
              HasSubstr("2147483647"));
}

TEST(SocketTest, FactsOfAnotherKindOfSocketSayWhyTheyAreMissing) {
  const UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  Facts facts = effective_options(fd.get());
  EXPECT_THAT(facts["congestion"], HasSubstr("unavailable: EOPNOTSUPP"));
  EXPECT_THAT(facts["nodelay"], HasSubstr("unavailable"));
  EXPECT_THAT(facts["send_buffer_bytes"], testing::MatchesRegex("[0-9]+"));
}

TEST(SocketTest, DefaultCongestionControlCanBeSet) {
  SocketOptions options;
  options.congestion = default_congestion();
  ASSERT_FALSE(options.congestion.empty());
  EXPECT_NO_THROW(apply_options(tcp_socket().get(), options));
}

TEST(SocketTest, BlockingIsSwitchedBothWays) {
  const UniqueFd fd = tcp_socket();
  set_blocking(fd.get(), Blocking::no);
  EXPECT_NE(::fcntl(fd.get(), F_GETFL) & O_NONBLOCK, 0);
  set_blocking(fd.get(), Blocking::yes);
  EXPECT_EQ(::fcntl(fd.get(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_THROW(set_blocking(-1, Blocking::no), SetupError);
}

}  // namespace
}  // namespace ub::net
