#include "host_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

#include "uringbench/base/error.hpp"

namespace ub::run {
namespace {

constexpr std::string_view kExec = "exec:";
constexpr std::string_view kSsh = "ssh://";

[[noreturn]] void refuse(const std::string& option, const std::string& host) {
  throw UsageError(fmt::format(
      "{}: '{}' is not a host; accepted are local, ssh://[USER@]NAME[:PORT] and exec:COMMAND",
      option, host));
}

/// For sh(1): nothing in it means anything.
std::string shell_word(std::string_view word) {
  std::string text = "'";
  for (const char c : word) c == '\'' ? text += "'\\''" : text += c;
  return text + "'";
}

/// Where this program is; its own name when that cannot be read.
std::string own_path() {
  std::error_code error;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::string("uringbench") : path.string();
}

struct SshTarget {
  std::string destination;  ///< "user@name"
  std::string port;
};

/// "user@name:22", "[::1]:22", "name". A name that begins with a dash would be an option of ssh's.
std::optional<SshTarget> parse_target(std::string text) {
  SshTarget target;
  std::string user;
  if (const auto at = text.rfind('@'); at != std::string::npos) {
    user = text.substr(0, at + 1);
    text.erase(0, at + 1);
  }
  const bool bracketed = text.starts_with('[');
  const auto close = bracketed ? text.find(']') : 0;
  if (close == std::string::npos) return std::nullopt;
  if (const auto colon = text.find(':', close); colon != std::string::npos) {
    target.port = text.substr(colon + 1);
    text.erase(colon);
    unsigned port = 0;
    const char* end = target.port.data() + target.port.size();
    const auto [stop, error] = std::from_chars(target.port.data(), end, port);
    if (error != std::errc{} || stop != end || port == 0 || port > 65'535) return std::nullopt;
  }
  if (bracketed) {
    if (!text.ends_with(']')) return std::nullopt;
    text = text.substr(1, text.size() - 2);
  }
  target.destination = user + text;
  const bool odd = target.destination.find_first_of(" \t,/'\"") != std::string::npos;
  if (text.empty() || odd || target.destination.starts_with('-')) return std::nullopt;
  return target;
}

std::vector<std::string> ssh_command(const SshTarget& target, const std::string& program) {
  // No terminal, no question that nobody could answer, and a dead line is noticed in some seconds.
  std::vector<std::string> words = {"ssh", "-T",
                                    "-o",  "BatchMode=yes",
                                    "-o",  "ConnectTimeout=10",
                                    "-o",  "ServerAliveInterval=2",
                                    "-o",  "ServerAliveCountMax=3"};
  if (!target.port.empty()) words.insert(words.end(), {"-p", target.port});
  words.insert(words.end(), {"--", target.destination,
                             fmt::format("exec {} agent --stdio", shell_word(program))});
  return words;
}

}  // namespace

std::vector<std::string> host_command(const std::string& option, const std::string& host,
                                      const std::string& remote_program) {
  if (host == "local") return {own_path(), "agent", "--stdio"};
  if (host.starts_with(kExec)) {
    const std::string program = remote_program.empty() ? own_path() : remote_program;
    return {"/bin/sh", "-c",
            fmt::format("{} {} agent --stdio", host.substr(kExec.size()), shell_word(program))};
  }
  if (!host.starts_with(kSsh)) refuse(option, host);
  const auto target = parse_target(host.substr(kSsh.size()));
  if (!target) refuse(option, host);
  return ssh_command(*target, remote_program.empty() ? "uringbench" : remote_program);
}

}  // namespace ub::run
