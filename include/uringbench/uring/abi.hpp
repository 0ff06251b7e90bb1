#pragma once

// liburing first: with <linux/io_uring.h> before it, liburing takes the uapi structs, whose
// flexible array in io_uring_buf_ring starts at offset 8 in C++ instead of 0, and buffer rings
// break.
#include <liburing.h>

#include <cstdint>

/// Kernel constants and structures that Debian 12's liburing 2.3 lacks. In a namespace of our own
/// and never as macros: the originals are enumerators, which the preprocessor cannot see, so a
/// redefinition would break the build against a newer liburing. Values:
/// include/uapi/linux/io_uring.h of Linux 6.18.
namespace ub::abi {

// sqe->ioprio bits of the send and receive operations.
inline constexpr std::uint16_t kRecvSendFixedBuf = 1U << 2U;   // send_zc 6.0, sendmsg_zc 6.15
inline constexpr std::uint16_t kSendZcReportUsage = 1U << 3U;  // Linux 6.2
inline constexpr std::uint16_t kRecvSendBundle = 1U << 4U;     // Linux 6.10
inline constexpr std::uint16_t kSendVectorized = 1U << 5U;     // Linux 6.17

// res of a notification when kSendZcReportUsage was given: copied, at least in part.
inline constexpr std::uint32_t kNotifUsageZcCopied = 1U << 31U;  // Linux 6.2

// params.features
inline constexpr std::uint32_t kFeatRegRegRing = 1U << 13U;      // Linux 6.3
inline constexpr std::uint32_t kFeatRecvSendBundle = 1U << 14U;  // Linux 6.10
inline constexpr std::uint32_t kFeatMinTimeout = 1U << 15U;      // Linux 6.12

// io_uring_register(2) operations.
inline constexpr unsigned kRegisterPbufStatus = 26;  // Linux 6.8
inline constexpr unsigned kRegisterNapi = 27;        // Linux 6.9
inline constexpr unsigned kRegisterQuery = 35;       // Linux 6.18

// Flags of a buffer ring's registration, in a field that liburing 2.3 calls `pad`.
inline constexpr std::uint16_t kPbufRingIncremental = 1U << 1U;  // Linux 6.12

struct BufferRingRegistration {
  std::uint64_t address;
  std::uint32_t entries;
  std::uint16_t group;
  std::uint16_t flags;
  std::uint64_t reserved[3];
};

/// Argument of kRegisterPbufStatus.
struct BufferRingStatus {
  std::uint32_t group;  ///< in
  std::uint32_t head;   ///< out: the next entry the kernel will take
  std::uint32_t reserved[8];
};

/// Argument of kRegisterNapi.
struct Napi {
  std::uint32_t busy_poll_us;
  std::uint8_t prefer_busy_poll;
  std::uint8_t reserved[3];
  std::uint64_t reserved2;
};

/// struct io_uring_getevents_arg, whose third field liburing 2.3 calls `pad` (Linux 6.12).
struct GetEventsArgument {
  std::uint64_t signal_mask;
  std::uint32_t signal_mask_bytes;
  std::uint32_t min_wait_us;
  std::uint64_t timeout;
};

static_assert(sizeof(Napi) == 16 && sizeof(GetEventsArgument) == sizeof(io_uring_getevents_arg));
static_assert(sizeof(io_uring_sqe) == 64 && sizeof(io_uring_cqe) == 16);
static_assert(sizeof(io_uring_buf_reg) == 40 && sizeof(io_uring_buf) == 16);
static_assert(offsetof(io_uring_buf_ring, bufs) == 0);
static_assert(sizeof(BufferRingRegistration) == sizeof(io_uring_buf_reg));
static_assert(sizeof(BufferRingStatus) == 40);

}  // namespace ub::abi
