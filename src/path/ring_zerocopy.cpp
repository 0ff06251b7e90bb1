#include "ring_zerocopy.hpp"

#include <algorithm>

#include "socket_send.hpp"

namespace ub::path {

SendProgress RingZerocopy::complete(Label label, const uring::Completion& completion,
                                    Releases& releases) {
  if (completion.notification()) {
    if (!was_refused(label)) releases.push_back({label.operation, report_of(completion)});
    return {.state = SendState::unchanged, .notifications = 1};
  }
  SendProgress progress = zero_copy_progress_of(from_negative(completion.result));
  if (progress.bytes == 0) {
    if (completion.more()) refused_.push_back(label);
  } else if (completion.more()) {
    progress.buffer = BufferState::held;
  } else {
    progress.copy = CopyReport::unreported;
  }
  return progress;
}

bool RingZerocopy::was_refused(Label label) {
  const auto found = std::find(refused_.begin(), refused_.end(), label);
  if (found == refused_.end()) return false;
  refused_.erase(found);
  return true;
}

CopyReport RingZerocopy::report_of(const uring::Completion& notification) const {
  // Without REPORT_USAGE the result is always 0, which would read as "not copied".
  if (!report_usage_) return CopyReport::unreported;
  const auto result = static_cast<std::uint32_t>(notification.result);
  return (result & abi::kNotifUsageZcCopied) != 0 ? CopyReport::copied : CopyReport::real;
}

}  // namespace ub::path
