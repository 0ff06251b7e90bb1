#pragma once

#include "uringbench/path/ring_path.hpp"

namespace ub::path {

/// What the ring's zero-copy sends have in common: the first completion accepts bytes, and its
/// F_MORE alone says, whatever its result, that a notification with the same user_data will give
/// the buffer back (io_uring_prep_send_zc(3)).
class RingZerocopy : public RingPath {
 public:
  explicit RingZerocopy(const RingContext& context) : report_usage_(context.report_usage) {}

  SendProgress complete(Label label, const uring::Completion& completion, Releases& releases) final;

 protected:
  /// sqe->ioprio bits: ask the notification to say whether the kernel copied.
  [[nodiscard]] std::uint16_t flags() const {
    return report_usage_ ? abi::kSendZcReportUsage : std::uint16_t{0};
  }

 private:
  [[nodiscard]] CopyReport report_of(const uring::Completion& notification) const;

  bool report_usage_;
};

}  // namespace ub::path
