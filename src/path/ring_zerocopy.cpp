#include "ring_zerocopy.hpp"

#include "socket_send.hpp"

namespace ub::path {

SendProgress RingZerocopy::complete(Label label, const uring::Completion& completion,
                                    Releases& releases) {
  if (completion.notification()) {
    releases.push_back({label.operation, report_of(completion)});
    return {.state = SendState::unchanged};
  }
  SendProgress progress = zero_copy_progress_of(from_negative(completion.result));
  if (completion.more()) {
    progress.buffer = BufferState::held;
  } else if (progress.bytes > 0) {
    progress.copy = CopyReport::unreported;
  }
  return progress;
}

CopyReport RingZerocopy::report_of(const uring::Completion& notification) const {
  // Without REPORT_USAGE the result is always 0, which would read as "not copied".
  if (!report_usage_) return CopyReport::unreported;
  const auto result = static_cast<std::uint32_t>(notification.result);
  return (result & abi::kNotifUsageZcCopied) != 0 ? CopyReport::copied : CopyReport::real;
}

}  // namespace ub::path
