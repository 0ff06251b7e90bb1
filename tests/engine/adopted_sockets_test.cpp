// Sockets that are connected already, here UDP ones: no listener, no accepting, whole datagrams.
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>

#include "contract.hpp"
#include "session.hpp"
#include "uringbench/net/message_set.hpp"

namespace ub::engine {
namespace {

constexpr std::uint32_t kClients = 3;

/// A bound UDP socket that nobody reads until the end: what does not fit is dropped by the kernel,
/// and the sender never hears of it.
class Sink {
 public:
  Sink() : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address_;
    EXPECT_EQ(::bind(fd_.get(), at(), length), 0);
    EXPECT_EQ(::getsockname(fd_.get(), at(), &length), 0);
  }

  std::vector<UniqueFd> connect(std::uint32_t count) {
    std::vector<UniqueFd> sockets;
    for (std::uint32_t i = 0; i < count; ++i) {
      sockets.emplace_back(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
      EXPECT_EQ(::connect(sockets.back().get(), at(), sizeof address_), 0);
    }
    return sockets;
  }

  std::vector<std::byte> first_datagram() {
    std::vector<std::byte> bytes(1U << 16U);
    const ssize_t got = ::recv(fd_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return bytes;
  }

 private:
  sockaddr* at() { return reinterpret_cast<sockaddr*>(&address_); }

  UniqueFd fd_;
  sockaddr_in address_{};
};

std::vector<std::byte> first_message(const Case& c, net::Layout layout) {
  const net::MessageSet messages(net::shape_of(c), layout);
  std::vector<std::byte> bytes;
  if (layout != net::Layout::fields) {
    return {messages.at(0), messages.at(0) + c.size_bytes};
  }
  for (const iovec& field : messages.fields_of(0, 1)) {
    const auto* begin = static_cast<const std::byte*>(field.iov_base);
    bytes.insert(bytes.end(), begin, begin + field.iov_len);
  }
  return bytes;
}

class AdoptedSocketsTest : public ContractTest {};

TEST_P(AdoptedSocketsTest, EachOperationIsADatagramAndEveryBufferComesBack) {
  Case c = case_of(GetParam());
  c.clients = kClients;
  Sink sink;
  EngineSetup setup;
  setup.the_case = c;
  setup.path = GetParam().path;
  setup.sockets = sink.connect(kClients);
  setup.report_usage = true;
  const auto engine = make_engine(std::move(setup));
  engine->start();
  EXPECT_EQ(engine->counts().accepted, kClients);
  EXPECT_EQ(engine->counts().sends.operations, 0U) << "nothing is sent before go()";
  engine->go();
  EXPECT_TRUE(eventually([&] { return engine->counts().sends.messages >= 2000; }));
  engine->finish(soon());
  const EngineCounts counts = engine->counts();
  EXPECT_EQ(counts.failure, "");
  EXPECT_EQ(counts.sends.bytes, counts.sends.messages * c.size_bytes);
  EXPECT_EQ(counts.sends.short_sends, 0U) << "a datagram goes whole or not at all";
  EXPECT_EQ(counts.zero_copy.sends,
            counts.zero_copy.real + counts.zero_copy.copied + counts.zero_copy.unreported);
  if (GetParam().sends()) {
    EXPECT_EQ(sink.first_datagram(), first_message(c, GetParam().path->layout));
  }
}

INSTANTIATE_TEST_SUITE_P(Adopted, AdoptedSocketsTest, testing::ValuesIn(every_pair()),
                         name_of_pair);

}  // namespace
}  // namespace ub::engine
