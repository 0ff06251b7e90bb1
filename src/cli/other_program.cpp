// What another build of the program says of itself.
#include "other_program.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

#include "uringbench/base/child_process.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/unique_fd.hpp"
#include "uringbench/protocol/fingerprint.hpp"

namespace ub::cli {
namespace {

constexpr std::uint64_t kMostNs = 5'000'000'000;
constexpr std::size_t kMostBytes = 4096;

/// All that comes until the other end closes, kMostBytes or the deadline.
std::string read_all(int fd) {
  const std::uint64_t deadline = now_ns() + kMostNs;
  std::string text;
  std::array<char, 512> buffer{};
  while (text.size() < kMostBytes) {
    const std::uint64_t now = now_ns();
    if (now >= deadline) break;
    pollfd wait{.fd = fd, .events = POLLIN, .revents = 0};
    const int ready = ::poll(&wait, 1, static_cast<int>((deadline - now) / 1'000'000) + 1);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) break;
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return text;
}

/// What `program` prints, without the last line feed; nothing if it fails. Throws UsageError if it
/// cannot be started. One that still runs after all that was printed something else: it is ended.
std::string output_of(const std::string& program, std::vector<std::string> arguments) {
  if (::access(program.c_str(), X_OK) != 0) {
    throw UsageError(fmt::format("--program: '{}' cannot be started: {}; name a uringbench program",
                                 program, describe_errno(errno)));
  }
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw_setup_error("making a pipe", errno);
  const UniqueFd reader(ends[0]);
  UniqueFd writer(ends[1]);
  const UniqueFd nothing(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  arguments.insert(arguments.begin(), program);
  const ChildProcess child(program, std::move(arguments),
                           {{writer.get(), STDOUT_FILENO}, {nothing.get(), STDERR_FILENO}});
  writer.reset();
  std::string text = read_all(reader.get());
  if (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

void require_same_protocol(const std::string& program) {
  const std::string own = protocol::fingerprint();
  if (output_of(program, {"role", "protocol", "--channel", "0", "--parent", "0"}) == own) return;
  throw UsageError(
      fmt::format("--program: '{}' speaks another protocol than this uringbench; measure each with "
                  "its own program, in turn, and compare their studies: compare A B A B",
                  program));
}

std::string program_named(const std::string& program) {
  return fmt::format("{}: {}", program, output_of(program, {"--version"}));
}

}  // namespace ub::cli
