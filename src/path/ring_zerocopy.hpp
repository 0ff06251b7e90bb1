#pragma once

#include <cstdint>
#include <vector>

#include "uringbench/path/send_path.hpp"

namespace ub::path {

/// What the ring's zero-copy sends have in common: the first completion accepts bytes, and its
/// F_MORE alone says, whatever its result, that a notification with the same user_data will give
/// the buffer back (io_uring_prep_send_zc(3)). A send that was refused has such a notification as
/// well, which says "copied" because nothing was used (io_notif_tw_complete()): it gives nothing
/// back and counts for nothing.
class RingZerocopy : public RingPath {
 public:
  explicit RingZerocopy(const RingContext& context) : report_usage_(context.report_usage) {
    refused_.reserve(kUsuallyRefused);
  }

  SendProgress complete(Label label, const uring::Completion& completion, Releases& releases) final;

 protected:
  /// sqe->ioprio bits: ask the notification to say whether the kernel copied.
  [[nodiscard]] std::uint16_t flags() const {
    return report_usage_ ? abi::kSendZcReportUsage : std::uint16_t{0};
  }

  /// A label for the next attempt to send `payload`, unlike those of the attempts before.
  Label next_label(const Payload& payload) {
    return {.tag = ++attempt_, .operation = payload.operation};
  }

 private:
  static constexpr std::size_t kUsuallyRefused = 16;

  [[nodiscard]] CopyReport report_of(const uring::Completion& notification) const;
  bool was_refused(Label label);

  bool report_usage_;
  std::uint8_t attempt_ = 0;
  std::vector<Label> refused_;  ///< attempts that took nothing, their notification still to come
};

}  // namespace ub::path
