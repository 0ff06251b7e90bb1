// What every link must do: open at the server, be joined by another process, carry or count bytes.
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <set>
#include <sstream>

#include "support/in_child.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/link/descriptor.hpp"
#include "uringbench/net/socket_options.hpp"

namespace ub::link {
namespace {

constexpr std::size_t kBytes = 4096;
constexpr std::uint64_t kPatienceNs = 10'000'000'000;

struct Carried {
  Link link = {};
  Transport transport = {};
};

Case case_of(const Carried& carried) {
  Case c;
  c.link = carried.link;
  c.transport = carried.transport;
  c.size_bytes = kBytes;
  return c;
}

/// Lines between two processes.
class Wire {
 public:
  Wire() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends_.data()), 0); }
  /// The other end closes, so that a process that ends is heard.
  void take(std::size_t end) {
    own_ = ends_.at(end);
    ::close(ends_.at(1 - end));
  }
  void say(const std::string& line) const { (void)!::send(own_, line.data(), line.size(), 0); }
  [[nodiscard]] std::string hear() const {
    std::array<char, 1024> line{};
    const auto got = ::recv(own_, line.data(), line.size(), 0);
    return {line.data(), static_cast<std::size_t>(got > 0 ? got : 0)};
  }

 private:
  std::array<int, 2> ends_{};
  int own_ = -1;
};

/// Bytes until the end of the stream.
std::size_t receive_all(int fd) {
  std::array<char, 1024> chunk{};
  std::size_t total = 0;
  for (ssize_t got = 0; (got = ::recv(fd, chunk.data(), chunk.size(), 0)) > 0;) {
    total += static_cast<std::size_t>(got);
  }
  return total;
}

void send_all(int fd) {
  const std::string bytes(kBytes, 'x');
  EXPECT_EQ(::send(fd, bytes.data(), bytes.size(), 0), static_cast<ssize_t>(kBytes));
}

/// Says the endpoint, or why there is none; then receives, or sends where nothing arrives.
void serve(const Case& c, const Wire& wire) {
  const Descriptor& link = descriptor_of(c.link);
  try {
    const ServerEnd end = link.open({.the_case = c});
    wire.say("at " + end.endpoint.address + " " + std::to_string(end.endpoint.port));
    (void)wire.hear();
    std::size_t bytes = kBytes;
    if (end.connected.empty()) {
      const UniqueFd client(::accept(end.listeners.front().fd.get(), nullptr, nullptr));
      bytes = receive_all(client.get());
    } else {
      send_all(end.connected.front().get());
    }
    const Ending ending = link.settle(end, now_ns() + kPatienceNs);
    wire.say(ending.failure.empty() ? std::to_string(bytes) : ending.failure);
    (void)wire.hear();  // the network lives as long as this process
  } catch (const SetupError& error) {
    wire.say(error.what());
  }
}

/// Empty, or why the link cannot be had here.
std::string drive(const Case& c, const Wire& wire, int server_id) {
  const std::string said = wire.hear();
  std::istringstream words(said);
  std::string at;
  net::Endpoint endpoint;
  if (!(words >> at >> endpoint.address >> endpoint.port) || at != "at") return said;
  const std::unique_ptr<Meter> meter = descriptor_of(c.link).join(c, server_id);
  EXPECT_EQ(meter != nullptr, drops(c.link));
  if (meter) {
    meter->start();
    wire.say("go");
    EXPECT_EQ(wire.hear(), std::to_string(kBytes));
    EXPECT_EQ(meter->read().payload_bytes, kBytes);
    EXPECT_EQ(meter->read().failure, "");
    meter->stop();
  } else {
    wire.say("go");
    send_all(net::connect_to(endpoint, net::client_options(c)).get());
    EXPECT_EQ(wire.hear(), std::to_string(kBytes));
  }
  wire.say("end");
  return "";
}

class LinkContract : public testing::TestWithParam<Carried> {};

TEST_P(LinkContract, CarriesOrCountsEveryByte) {
  const Case c = case_of(GetParam());
  EXPECT_EQ(why_refused(c), "");
  const test::ChildReport report = test::in_child([&]() -> std::string {
    Wire wire;
    ::prctl(PR_SET_DUMPABLE, 1);
    const pid_t server = ::fork();
    wire.take(server == 0 ? 0U : 1U);
    if (server == 0) {
      serve(c, wire);
      ::_exit(testing::Test::HasFailure() ? 1 : 0);
    }
    std::string why = drive(c, wire, server);
    int status = 0;
    ::waitpid(server, &status, 0);
    EXPECT_EQ(status, 0);
    return why;
  });
  EXPECT_EQ(report.status, 0) << report.text;
  if (!report.text.empty()) GTEST_SKIP() << report.text;
}

std::vector<Carried> everything_carried() {
  std::vector<Carried> all;
  for (const Link link : all_links()) {
    for (const Transport transport : facts_of(link).carries) all.push_back({link, transport});
  }
  return all;
}

std::string name_of(const testing::TestParamInfo<Carried>& info) {
  std::string name(to_text(info.param.link));
  name += "_over_" + std::string(to_text(info.param.transport));
  for (char& letter : name) letter = letter == '-' ? '_' : letter;
  return name;
}

INSTANTIATE_TEST_SUITE_P(Links, LinkContract, testing::ValuesIn(everything_carried()), name_of);

TEST(LinkFacts, EveryLinkHasANameOfItsOwnHelpAndATransport) {
  std::set<std::string_view> names;
  for (const Link link : all_links()) {
    EXPECT_TRUE(names.insert(facts_of(link).name).second) << facts_of(link).name;
    EXPECT_FALSE(facts_of(link).help.empty());
    EXPECT_FALSE(facts_of(link).carries.empty());
    EXPECT_EQ(from_text<Link>(to_text(link)), link);
  }
}

TEST(LinkFacts, WhatALinkDoesNotCarryIsRefused) {
  EXPECT_EQ(why_refused(case_of({Link::loopback, Transport::udp})),
            "--link loopback with --transport udp: it carries tcp, tcp6 and unix");
}

}  // namespace
}  // namespace ub::link
