#include "record_parser.hpp"

#include <cstring>
#include <optional>

namespace ub::perf {
namespace {

template <typename Value>
std::optional<Value> take(std::span<const std::byte>& rest) {
  if (rest.size() < sizeof(Value)) return std::nullopt;
  Value value;
  std::memcpy(&value, rest.data(), sizeof(value));
  rest = rest.subspan(sizeof(value));
  return value;
}

/// A sample up to its chain, as kSampleType lays it out.
struct SampleHead {
  std::uint32_t pid, tid;
  std::uint64_t time_ns;
  std::uint32_t cpu, reserved;
  std::uint64_t period;
  std::uint64_t chain_length;
};
static_assert(sizeof(SampleHead) == 40);

/// The chain says "from here on the kernel", "from here on the user" with addresses in the last
/// page.
constexpr bool is_context_marker(std::uint64_t address) {
  return address >= static_cast<std::uint64_t>(PERF_CONTEXT_MAX);
}

/// Sorts the chain into `sample` and the profile's frames, which have room for it.
void add_chain(std::span<const std::byte> chain, StackSample& sample, Profile& profile) {
  bool in_user = false;
  while (const auto address = take<std::uint64_t>(chain)) {
    if (is_context_marker(*address)) {
      in_user = *address == static_cast<std::uint64_t>(PERF_CONTEXT_USER);
      continue;
    }
    profile.frames.push_back(*address);
    ++(in_user ? sample.user_frames : sample.kernel_frames);
  }
}

bool has_room(const Profile& profile, std::size_t frames) {
  return profile.samples.size() < profile.samples.capacity() &&
         profile.frames.capacity() - profile.frames.size() >= frames;
}

using OnlyProcess = std::optional<pid_t>;

bool add_sample(std::span<const std::byte> body, Profile& profile, OnlyProcess only) {
  const auto head = take<SampleHead>(body);
  if (!head || head->chain_length > body.size() / sizeof(std::uint64_t)) return false;
  if (only && static_cast<pid_t>(head->pid) != *only) return true;
  const std::size_t chain_length = head->chain_length;
  if (!has_room(profile, chain_length)) {
    ++profile.lost_in_storage;
    return true;
  }
  StackSample sample{.time_ns = head->time_ns,
                     .weight = head->period,
                     .pid = static_cast<pid_t>(head->pid),
                     .tid = static_cast<pid_t>(head->tid),
                     .cpu = head->cpu,
                     .first_frame = static_cast<std::uint32_t>(profile.frames.size())};
  add_chain(body.first(chain_length * sizeof(std::uint64_t)), sample, profile);
  profile.samples.push_back(sample);
  return true;
}

bool add_lost(std::span<const std::byte> body, Profile& profile) {
  take<std::uint64_t>(body);  // the event's id
  const auto lost = take<std::uint64_t>(body);
  if (lost) profile.lost_in_kernel += *lost;
  return lost.has_value();
}

bool add_record(std::uint32_t type, std::span<const std::byte> body, Profile& profile,
                OnlyProcess only) {
  switch (type) {
    case PERF_RECORD_SAMPLE:
      return add_sample(body, profile, only);
    case PERF_RECORD_LOST:
      return add_lost(body, profile);
    case PERF_RECORD_THROTTLE:
      ++profile.throttled;
      return true;
    default:
      return true;
  }
}

}  // namespace

void parse_records(std::span<const std::byte> records, Profile& profile, OnlyProcess only) {
  while (!records.empty()) {
    auto body = records;
    const auto header = take<perf_event_header>(body);
    const bool whole = header && header->size >= sizeof(*header) && header->size <= records.size();
    if (!whole ||
        !add_record(header->type, body.first(header->size - sizeof(*header)), profile, only)) {
      ++profile.lost_in_storage;
      return;
    }
    records = records.subspan(header->size);
  }
}

}  // namespace ub::perf
