#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string_view>

#include "trial.hpp"
#include "uringbench/net/message_set.hpp"
#include "uringbench/path/registry.hpp"
#include "uringbench/uring/probe.hpp"
#include "uringbench/uring/ring.hpp"

namespace ub::path {

/// One ring path on a real ring and a real TCP connection, but without an engine: the test says in
/// which order completions are seen.
class RingPathTest : public testing::Test {
 protected:
  enum class Usage { reported, unreported };

  /// Skips, with the reason, what this kernel does not offer.
  void open(std::string_view name,
            const net::MessageSet::Shape& shape = {.size_bytes = 1000, .working_set_bytes = 16'000},
            Usage usage = Usage::reported) {
    const Descriptor& descriptor = *find(name);
    const auto reason = why_unavailable(EngineKind::uring, descriptor, uring::Probe::run());
    if (reason) GTEST_SKIP() << *reason;
    path_.reset();
    ring_ = std::make_unique<uring::Ring>(uring::RingOptions{.sq_entries = 8, .cq_entries = 64});
    messages_ = std::make_unique<net::MessageSet>(shape, descriptor.layout);
    path_ = descriptor.make_ring({.ring = ring_.get(),
                                  .fd = pair_.server.get(),
                                  .batch = shape.batch,
                                  .report_usage = usage == Usage::reported,
                                  .messages = messages_.get()});
  }

  /// One message, as operation `operation`.
  [[nodiscard]] Payload message(std::uint32_t operation) const {
    return {.messages = messages_.get(),
            .first = operation % messages_->count(),
            .count = 1,
            .operation = operation};
  }

  /// Prepares `payload` and says how the path labelled its last entry.
  Label prepare(const Payload& payload) {
    Submission submission(*ring_, 0);
    path_->prepare(payload, submission);
    return label_of(ring_->raw()
                        ->sq.sqes[(ring_->raw()->sq.sqe_tail - 1) & *ring_->raw()->sq.kring_mask]
                        .user_data);
  }

  static Label label_of(std::uint64_t user_data) {
    return {.tag = static_cast<std::uint8_t>(user_data >> Submission::kTagShift),
            .operation = static_cast<std::uint32_t>(user_data)};
  }

  /// What the path makes of a completion.
  SendProgress complete(Label label, std::int32_t result, std::uint32_t flags = 0) {
    return path_->complete(label, {.result = result, .flags = flags}, releases_);
  }

  uring::TrialPair pair_ = uring::make_trial_pair();
  std::unique_ptr<net::MessageSet> messages_;
  std::unique_ptr<uring::Ring> ring_;
  std::unique_ptr<RingPath> path_;
  Releases releases_;
};

}  // namespace ub::path
