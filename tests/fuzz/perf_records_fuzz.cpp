// What lies in a ring of perf_event_open(2): the kernel writes it well, a fault of ours may not
// read it so.
#include "record_parser.hpp"
#include "uringbench/base/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ub::perf;
  Profile profile;
  constexpr std::size_t kSamples = 16;
  profile.samples.reserve(kSamples);
  profile.frames.reserve(kSamples * 8);
  const std::size_t room = profile.frames.capacity();
  const auto records = std::as_bytes(std::span(data, size));
  parse_records(records, profile);
  ub::check(profile.frames.capacity() == room, "parsing never makes the profile larger");
  for (const StackSample& sample : profile.samples) {
    ub::check(sample.first_frame + std::size_t{sample.kernel_frames} + sample.user_frames <=
                  profile.frames.size(),
              "a sample's frames are there");
  }
  parse_records(records, profile, 1);
  return 0;
}
