#include "uringbench/base/kernel_feature.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace ub {
namespace {

constexpr bool kProbed = true;
constexpr bool kByVersion = false;

/// First those that the probe asks for, in its order.
constexpr auto kFeatures = std::to_array<KernelFeature>({
    {"io_uring_setup", "5.1", kProbed, "there is io_uring at all", "io_uring_setup(2)", "uring",
     "available"},
    {"IORING_SETUP_SINGLE_ISSUER", "6.0", kProbed,
     "one thread submits, so the kernel need not expect others", "io_uring_setup(2)", "uring",
     "granted ring, calls per operation"},
    {"IORING_SETUP_DEFER_TASKRUN", "6.1", kProbed,
     "completions are made when the thread asks for them, not by interrupting it",
     "io_uring_setup(2)", "uring", "granted ring, calls per operation"},
    {"IORING_SETUP_COOP_TASKRUN", "5.19", kProbed, "completions interrupt no running thread",
     "io_uring_setup(2)", "uring", "granted ring, calls per operation"},
    {"IORING_REGISTER_RING_FDS", "5.18", kProbed, "a call into the ring looks up no descriptor",
     "io_uring_register(2)", "uring", "granted ring"},
    {"IORING_ACCEPT_MULTISHOT", "5.19", kProbed, "one request accepts all connections",
     "io_uring_prep_multishot_accept(3)", "uring", "available"},
    {"IORING_POLL_ADD_MULTI", "5.13", kProbed, "one request polls for ever",
     "io_uring_prep_poll_multishot(3)", "uring", "available"},
    {"IORING_OP_SEND", "5.6", kProbed, "send(2) by the ring", "io_uring_enter(2)", "two-copy",
     "available"},
    {"IORING_OP_SENDMSG", "5.3", kProbed, "sendmsg(2) by the ring", "io_uring_enter(2)", "gather",
     "available"},
    {"IORING_OP_WRITE", "5.6", kProbed, "write(2) by the ring", "io_uring_enter(2)", "write",
     "available"},
    {"IORING_OP_WRITE_FIXED", "5.1", kProbed, "sends from memory that is pinned once",
     "io_uring_enter(2)", "fixed", "available"},
    {"IORING_REGISTER_PBUF_RING", "5.19", kProbed, "the kernel takes its buffers from a ring",
     "io_uring_register(2)", "bundle receive=multishot receive=bundle receive=incremental",
     "available"},
    {"IORING_RECVSEND_BUNDLE (send)", "6.10", kProbed, "one send takes several buffers of a ring",
     "commit a05d1f625c7a, \"io_uring/net: support bundles for send\"", "bundle",
     "available, calls per operation, completions per operation"},
    {"IORING_OP_SPLICE", "5.7", kProbed, "splice(2) by the ring", "io_uring_enter(2)", "sendfile",
     "available"},
    {"IORING_OP_SEND_ZC", "6.0", kProbed, "zero-copy send by the ring", "io_uring_enter(2)",
     "send-zc", "available"},
    {"IORING_OP_SEND_ZC + FIXED_BUF", "6.0", kProbed,
     "zero-copy send from memory that is pinned once", "io_uring_enter(2)", "send-zc-fixed",
     "available"},
    {"IORING_OP_SENDMSG_ZC", "6.1", kProbed, "zero-copy sendmsg(2) by the ring",
     "io_uring_enter(2)", "sendmsg-zc", "available"},
    {"IORING_OP_SENDMSG_ZC + FIXED_BUF", "6.15", kProbed,
     "zero-copy sendmsg(2) from memory that is pinned once", "io_uring_prep_sendmsg_zc_fixed(3)",
     "sendmsg-zc-fixed", "available"},
    {"IORING_SEND_VECTORIZED", "6.17", kProbed, "one send takes a vector of buffers",
     "include/uapi/linux/io_uring.h of Linux 6.17", "vectored", "available"},
    {"IORING_SEND_ZC_REPORT_USAGE", "6.2", kProbed,
     "the notification says whether the kernel copied after all; in Debian's 6.1.192 too",
     "io_uring_enter(2)", "send-zc send-zc-fixed sendmsg-zc",
     "copied, cause of copying, notifications per send"},
    {"IORING_OP_RECV", "5.6", kProbed, "recv(2) by the ring", "io_uring_enter(2)", "receive=single",
     "available"},
    {"IORING_OP_READ_FIXED", "5.1", kProbed, "receives into memory that is pinned once",
     "io_uring_enter(2)", "receive=read-fixed", "available"},
    {"IORING_RECV_MULTISHOT", "6.0", kProbed, "one request receives for ever",
     "io_uring_prep_recv_multishot(3)", "receive=multishot", "available"},
    {"IORING_RECVSEND_BUNDLE (receive)", "6.10", kProbed,
     "one completion brings several buffers of a ring", "io_uring_prep_recv(3)", "receive=bundle",
     "available"},
    {"IOU_PBUF_RING_INC", "6.12", kProbed, "a buffer of a ring is used up piece by piece",
     "io_uring_register_buf_ring(3)", "receive=incremental", "available"},
    {"joined notifications of SEND_ZC", "6.10", kByVersion,
     "sends that share a packet share its notification; all but the first are reported as copied",
     "commit 6fe4220912d1, \"io_uring/notif: implement notification stacking\"",
     "send-zc send-zc-fixed sendmsg-zc", "copied, cause of copying, short sends per operation"},
    {"net.core.optmem_max is 131072", "6.8", kByVersion,
     "a socket may have more zero-copy sends under way (before: 20480)",
     "commit 4944566706b2, \"net: increase optmem_max default value\"",
     "msg-zerocopy send-zc send-zc-fixed sendmsg-zc", "short sends per operation"},
});

/// Major and minor; {0, 0} of no number.
std::pair<int, int> version_of(std::string_view text) {
  std::pair<int, int> version{0, 0};
  const char* end = text.data() + text.size();
  const auto major = std::from_chars(text.data(), end, version.first);
  if (major.ec != std::errc{} || major.ptr == end || *major.ptr != '.') return {0, 0};
  std::from_chars(major.ptr + 1, end, version.second);
  return version;
}

}  // namespace

std::span<const KernelFeature> kernel_features() {
  return kFeatures;
}

const KernelFeature* find_kernel_feature(std::string_view name) {
  const auto* const found =
      std::find_if(kFeatures.begin(), kFeatures.end(),
                   [&](const KernelFeature& feature) { return feature.name == name; });
  return found == kFeatures.end() ? nullptr : found;
}

bool is_since(std::string_view release, std::string_view since) {
  const auto version = version_of(release);
  return version.first > 0 && version >= version_of(since);
}

}  // namespace ub
