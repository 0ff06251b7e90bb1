#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "connection_failure.hpp"
#include "session.hpp"
#include "uringbench/load/crew.hpp"
#include "uringbench/receive/registry.hpp"

namespace ub::engine {

/// Checks that each connection brings the messages of the case's set, in order, over and over.
class VerifyingArrivals final : public ArrivalWatcher {
 public:
  explicit VerifyingArrivals(const Case& the_case);

  void arrived(std::uint32_t connection, std::span<const std::byte> bytes) override;

  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  /// Empty while every byte was right.
  [[nodiscard]] std::string wrong() const { return wrong_; }

 private:
  net::MessageSet messages_;
  std::mutex mutex_;  ///< a thread per client arrives on several threads
  std::vector<load::StreamVerifier> streams_;
  std::uint64_t bytes_ = 0;
  std::string wrong_;
};

/// What both ends have counted of requests when all is over.
struct Conversation {
  EngineCounts engine;
  load::Counts requests;
};

/// Asks until `responses` have come, every byte of which is verified, and ends.
Conversation converse(const Case& the_case, std::uint64_t responses);

/// Expects that every request was answered once and every byte arrived, both ways.
void expect_answered(const Case& the_case, const Conversation& conversation);

/// Uploads at least `bytes`, ends, and expects that every byte arrived, in order.
void expect_uploaded(const Case& the_case, std::uint64_t bytes);

}  // namespace ub::engine
