#pragma once

#include <memory>
#include <vector>

#include "drain.hpp"
#include "tcp.hpp"

namespace ub::receive {

struct CrowdOptions {
  const Descriptor* path = nullptr;
  std::uint32_t connections = 64;
  std::uint64_t bytes_each = 200'000;
  std::uint64_t buffer_bytes = 4096;
  std::uint64_t memory_bytes = kSharedMemoryBytes;
  uring::RingOptions ring = {.sq_entries = 64, .cq_entries = 4096};
};

/// Many connections that share one ring, and one thread that sends on all of them in turn.
class Crowd {
 public:
  explicit Crowd(const CrowdOptions& options);

  /// Receives until every connection has ended. The sums over all connections; `state` is the first
  /// that is not `ended`, if any.
  Outcome run();

  [[nodiscard]] const VerifyingSink& sink(std::uint32_t connection) const {
    return members_[connection]->sink;
  }

 private:
  struct Member {
    explicit Member(std::uint32_t stream) : sink(stream) {}

    TcpPair pair = make_tcp_pair();
    VerifyingSink sink;
    std::unique_ptr<RingReceive> path;
    Armed armed = Armed::no;
    Outcome outcome;
  };

  void fill_sockets();
  void send_the_rest();
  void arm(std::uint64_t number);
  void completed(const uring::Completion& completion);
  [[nodiscard]] Outcome sum() const;

  CrowdOptions options_;
  uring::Ring ring_;
  std::unique_ptr<RingShared> shared_;
  std::vector<std::unique_ptr<Member>> members_;
  std::uint64_t sent_before_ = 0;
  std::uint32_t open_ = 0;
};

}  // namespace ub::receive
