#include "device_board.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include "uringbench/base/error.hpp"

namespace ub::link {
namespace {

constexpr const char* kFile = "/proc/self/net/dev";

/// The rest of the device's line behind its colon; nullopt when it has none.
std::optional<std::string_view> line_of(std::string_view text, std::string_view device) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    if (line.starts_with(device) && line.substr(device.size()).starts_with(':')) {
      return line.substr(device.size() + 1);
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<DeviceCounts> counts_of(std::string_view text, std::string_view device) {
  constexpr std::size_t kReceivedBytes = 0;
  constexpr std::size_t kReceivedPackets = 1;
  constexpr std::size_t kSentBytes = 8;
  constexpr std::size_t kSentPackets = 9;
  auto line = line_of(text, device);
  if (!line) return std::nullopt;
  std::array<std::uint64_t, kSentPackets + 1> numbers{};
  for (std::uint64_t& number : numbers) {
    line->remove_prefix(std::min(line->find_first_not_of(' '), line->size()));
    const auto [rest, error] = std::from_chars(line->data(), line->data() + line->size(), number);
    if (error != std::errc{}) return std::nullopt;
    line->remove_prefix(static_cast<std::size_t>(rest - line->data()));
  }
  return DeviceCounts{.packets = numbers[kReceivedPackets] + numbers[kSentPackets],
                      .bytes = numbers[kReceivedBytes] + numbers[kSentBytes]};
}

DeviceBoard::DeviceBoard(std::vector<std::string> devices)
    : file_(::open(kFile, O_RDONLY | O_CLOEXEC)),
      devices_(std::move(devices)),
      counts_(devices_.size()) {
  if (!file_) throw_setup_error(fmt::format("opening {}", kFile), errno);
  constexpr std::size_t kMostLineBytes = 256;  // the head takes two
  constexpr std::size_t kOthers = 16;          // lo, and what modules add to each network
  text_.resize((devices_.size() + kOthers) * kMostLineBytes);
  read();
}

bool DeviceBoard::find_all(std::string_view text) {
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    const auto counts = counts_of(text, devices_[i]);
    if (!counts) return false;
    counts_[i] = *counts;
  }
  return true;
}

/// A read hands out whole lines, about a page of them; nearly always the first one has them all.
const std::vector<DeviceCounts>& DeviceBoard::read() {
  for (std::size_t size = 0;;) {
    const SysResult got = from_errno(
        ::pread(file_.get(), text_.data() + size, text_.size() - size, static_cast<off_t>(size)));
    if (!got.ok()) throw_setup_error(fmt::format("reading {}", kFile), got.error);
    size += static_cast<std::size_t>(got.value);
    if (find_all(std::string_view(text_.data(), size))) return counts_;
    if (got.value == 0) {
      throw SetupError(fmt::format("{} has no device '{}'", kFile, fmt::join(devices_, "' or '")));
    }
  }
}

}  // namespace ub::link
