#include "record_parser.hpp"

#include <gmock/gmock.h>

#include <cstring>

namespace ub::perf {
namespace {

using ::testing::ElementsAre;

constexpr auto kKernel = static_cast<std::uint64_t>(PERF_CONTEXT_KERNEL);
constexpr auto kUser = static_cast<std::uint64_t>(PERF_CONTEXT_USER);

/// Writes records as the kernel lays them out.
class Records {
 public:
  void begin(std::uint32_t type) {
    begin_ = bytes_.size();
    add(perf_event_header{.type = type, .misc = 0, .size = 0});
  }
  template <typename Value>
  Records& add(const Value& value) {
    const std::size_t at = bytes_.size();
    bytes_.resize(at + sizeof(value));
    std::memcpy(bytes_.data() + at, &value, sizeof(value));
    return *this;
  }
  void end() {
    const auto size = static_cast<std::uint16_t>(bytes_.size() - begin_);
    std::memcpy(bytes_.data() + begin_ + offsetof(perf_event_header, size), &size, sizeof(size));
  }
  void add_sample(std::uint64_t time_ns, const std::vector<std::uint64_t>& chain,
                  std::uint32_t pid = 11) {
    begin(PERF_RECORD_SAMPLE);
    add(pid).add(std::uint32_t{12});                               // pid, tid
    add(time_ns).add(std::uint32_t{1}).add(std::uint32_t{0});      // time, cpu
    add(std::uint64_t{1003009}).add(std::uint64_t{chain.size()});  // period, length of the chain
    for (const std::uint64_t address : chain) add(address);
    end();
  }
  [[nodiscard]] const std::vector<std::byte>& bytes() const { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
  std::size_t begin_ = 0;
};

Profile room_for(std::size_t samples, std::size_t frames) {
  Profile profile;
  profile.samples.reserve(samples);
  profile.frames.reserve(frames);
  return profile;
}

TEST(ParseRecords, SplitsAChainIntoKernelAndUser) {
  Records records;
  records.add_sample(5, {kKernel, 0xffffffff81000010, 0xffffffff81000020, kUser, 0x401000});
  Profile profile = room_for(4, 32);
  parse_records(records.bytes(), profile);
  ASSERT_EQ(profile.samples.size(), 1U);
  const StackSample& sample = profile.samples[0];
  EXPECT_EQ(sample.time_ns, 5U);
  EXPECT_EQ(sample.pid, 11);
  EXPECT_EQ(sample.tid, 12);
  EXPECT_EQ(sample.cpu, 1U);
  EXPECT_EQ(sample.weight, 1003009U);
  EXPECT_THAT(profile.kernel_chain(sample), ElementsAre(0xffffffff81000010, 0xffffffff81000020));
  EXPECT_THAT(profile.user_chain(sample), ElementsAre(0x401000));
}

TEST(ParseRecords, KeepsTheChainsOfManySamplesApart) {
  Records records;
  records.add_sample(1, {kUser, 0x1});
  records.add_sample(2, {});
  records.add_sample(3, {kKernel, 0x2, 0x3});
  Profile profile = room_for(4, 32);
  parse_records(records.bytes(), profile);
  ASSERT_EQ(profile.samples.size(), 3U);
  EXPECT_THAT(profile.user_chain(profile.samples[0]), ElementsAre(0x1));
  EXPECT_TRUE(profile.kernel_chain(profile.samples[1]).empty());
  EXPECT_THAT(profile.kernel_chain(profile.samples[2]), ElementsAre(0x2, 0x3));
}

TEST(ParseRecords, KeepsOneProcessOnlyWithoutSpendingRoomOnOthers) {
  constexpr std::uint32_t kIdle = 0;
  constexpr std::uint32_t kOther = 13;
  Records records;
  for (const std::uint32_t pid : {kOther, 11U, kIdle, kOther, 11U}) {
    records.add_sample(1, {kUser, pid}, pid);
  }
  Profile profile = room_for(2, 3);  // a chain takes its marker's room for a while
  parse_records(records.bytes(), profile, 11);
  EXPECT_THAT(profile.samples, ElementsAre(testing::Field(&StackSample::pid, 11),
                                           testing::Field(&StackSample::pid, 11)));
  EXPECT_THAT(profile.frames, ElementsAre(11U, 11U));
  EXPECT_EQ(profile.lost(), 0U);
}

TEST(ParseRecords, CountsWhatTheKernelLostAndThrottled) {
  Records records;
  records.begin(PERF_RECORD_LOST);
  records.add(std::uint64_t{1}).add(std::uint64_t{17});
  records.end();
  records.begin(PERF_RECORD_THROTTLE);
  records.add(std::uint64_t{1}).add(std::uint64_t{2}).add(std::uint64_t{3});
  records.end();
  records.add_sample(1, {kUser, 0x1});
  Profile profile = room_for(4, 32);
  parse_records(records.bytes(), profile);
  EXPECT_EQ(profile.lost_in_kernel, 17U);
  EXPECT_EQ(profile.throttled, 1U);
  EXPECT_EQ(profile.samples.size(), 1U);
}

TEST(ParseRecords, NeverGrowsTheStorageAndCountsTheRest) {
  Records records;
  for (std::uint64_t i = 0; i < 5; ++i) records.add_sample(i, {kUser, 0x1});
  Profile profile = room_for(2, 32);
  const auto* const samples = profile.samples.data();
  parse_records(records.bytes(), profile);
  EXPECT_EQ(profile.samples.data(), samples);
  EXPECT_EQ(profile.samples.size(), 2U);
  EXPECT_EQ(profile.lost_in_storage, 3U);
}

TEST(ParseRecords, StopsAtAMalformedRecordAndSaysSo) {
  Records records;
  records.add_sample(1, {kUser, 0x1});
  records.begin(PERF_RECORD_SAMPLE);  // its size stays 0
  Profile profile = room_for(4, 32);
  parse_records(records.bytes(), profile);
  EXPECT_EQ(profile.samples.size(), 1U);
  EXPECT_EQ(profile.lost_in_storage, 1U);
}

TEST(ParseRecords, RefusesAChainThatIsLongerThanItsRecord) {
  Records records;
  records.begin(PERF_RECORD_SAMPLE);
  records.add(std::uint64_t{0}).add(std::uint64_t{0}).add(std::uint64_t{0}).add(std::uint64_t{0});
  records.add(~std::uint64_t{0});
  records.end();
  Profile profile = room_for(4, 32);
  parse_records(records.bytes(), profile);
  EXPECT_TRUE(profile.samples.empty());
  EXPECT_EQ(profile.lost_in_storage, 1U);
}

}  // namespace
}  // namespace ub::perf
