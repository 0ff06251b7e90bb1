#pragma once

#include <cstddef>
#include <string>

/// What tells the clients of a sample from strangers: a text drawn for that sample, which each
/// client sends as the first bytes of its connection, before anything is measured. The server takes
/// no connection without it for a client, and waits for none.
namespace ub::net {

inline constexpr std::size_t kTokenBytes = 32;

/// kTokenBytes hexadecimal digits from the kernel (getrandom(2)). Throws SetupError.
std::string draw_token();

/// For a client, on its new connection. Throws SetupError.
void present_token(int fd, const std::string& token);

/// For a server: connections come out of accept(2) only with their first bytes
/// (TCP_DEFER_ACCEPT, tcp(7)), so that a silent one keeps nobody waiting. A unix-domain socket has
/// no such option, see presents_token().
void expect_token(int listener);

/// Connections come out of accept(2) as soon as they are made again, as they would from a listener
/// that never expected a token. Throws SetupError.
void expect_no_token(int listener);

/// Whether the new connection `fd` begins with `token`, which is taken from it. TCP: does not wait.
/// A unix-domain socket: a peer of another user is a stranger at once, one of this user has a
/// moment to present it.
bool presents_token(int fd, const std::string& token);

}  // namespace ub::net
