#pragma once

#include <string>

namespace ub::link {

/// What there is to see, on the sending side, of the reasons for which Linux copies a zero-copy
/// send after all.
struct CopyEvidence {
  bool local_delivery = false;          ///< the device is loopback: the receiver is on this host
  bool veth = false;                    ///< the device is one end of a veth pair
  bool packet_socket = false;           ///< something like tcpdump(1) listens to what is sent
  bool scatter_gather_missing = false;  ///< the device takes no packets in pieces
  bool checksum_missing = false;        ///< it cannot fill in checksums, so the CPU must read all
  bool joined_notifications = false;    ///< sends may share a packet and so a notification; known
                                        ///< to whoever sends, not looked for
};

/// Looks at the device of this network that has `local_address`; nothing is found where there is
/// none. Throws nothing: what cannot be seen is not found.
CopyEvidence look_for_copying(const std::string& local_address);

/// The first cause in a few words ("local delivery"); empty when nothing was found. The order is
/// that of certainty: what is delivered on this host is always copied (skb_orphan_frags_rx()), a
/// device without offloads copies every send (skb_zerocopy_iter_*() is not even tried, or
/// skb_checksum_help() follows), and a packet socket copies while it is open
/// (dev_queue_xmit_nit()). Joined notifications are the last resort, as then nothing is copied at
/// all: since Linux 6.10 a ring's notifications of sends that TCP put into one packet are joined,
/// and of those only the first is told that the packet left uncopied; the others report "copied"
/// (io_link_skb() and io_tx_ubuf_complete(), io_uring/notif.c; seen on 6.18).
std::string copy_cause(const CopyEvidence& evidence);

}  // namespace ub::link
