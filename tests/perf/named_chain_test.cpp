#include "uringbench/perf/named_chain.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

namespace ub::perf {
namespace {

using ::testing::ElementsAre;

ChainNamer namer() {
  auto kernel = KernelSymbols::parse(
      "ffffffff81000000 T tcp_sendmsg\n"
      "ffffffff81000100 T tcp_sendmsg_locked\n"
      "ffffffff81000200 T do_syscall_64\n"
      "ffffffffc0000000 t veth_xmit\t[veth]\n");
  return ChainNamer(std::get<KernelSymbols>(std::move(kernel)));
}

/// A profile with one sample of `pid`.
Profile profile_of(pid_t pid, std::vector<std::uint64_t> kernel, std::vector<std::uint64_t> user) {
  Profile profile;
  profile.samples.push_back({.pid = pid,
                             .kernel_frames = static_cast<std::uint32_t>(kernel.size()),
                             .user_frames = static_cast<std::uint32_t>(user.size())});
  profile.frames = std::move(kernel);
  profile.frames.insert(profile.frames.end(), user.begin(), user.end());
  return profile;
}

TEST(ChainNamer, NamesACallSiteNotTheFunctionAfterIt) {
  // The call in tcp_sendmsg_locked is its last instruction, so the address to return to lies past
  // its end.
  const Profile profile =
      profile_of(::getpid(), {0xffffffff81000100, 0xffffffff81000200, 0xffffffff81000210}, {});
  ChainNamer names = namer();
  EXPECT_THAT(names.name(profile, profile.samples[0]).kernel,
              ElementsAre("tcp_sendmsg_locked", "tcp_sendmsg_locked", "do_syscall_64"));
}

TEST(ChainNamer, ShowsTheModuleAndWhatItDoesNotKnow) {
  const Profile profile = profile_of(::getpid(), {0xffffffffc0000010, 0x1000}, {0x2000});
  ChainNamer names = namer();
  const NamedChain chain = names.name(profile, profile.samples[0]);
  EXPECT_THAT(chain.kernel, ElementsAre("veth_xmit [veth]", "[unknown]"));
  EXPECT_THAT(chain.user, ElementsAre("[unknown]"));
  EXPECT_FALSE(chain.idle_task);
}

TEST(ChainNamer, DoesNotNameAnotherProcessWithOwnSymbols) {
  const Profile profile = profile_of(::getpid() + 1, {}, {0x2000, 0x3000});
  ChainNamer names = namer();
  EXPECT_THAT(names.name(profile, profile.samples[0]).user, ElementsAre("[another process]"));
}

TEST(ChainNamer, KnowsTheIdleTask) {
  const Profile profile = profile_of(0, {0xffffffff81000000}, {});
  ChainNamer names = namer();
  EXPECT_TRUE(names.name(profile, profile.samples[0]).idle_task);
}

}  // namespace
}  // namespace ub::perf
