#include "uringbench/receive/registry.hpp"

#include <gmock/gmock.h>

#include <set>

#include "drain.hpp"

namespace ub::receive {
namespace {

using testing::HasSubstr;
using testing::Optional;

TEST(ReceiveRegistry, NamesAreUniqueAndFound) {
  std::set<std::string_view> names;
  for (const Descriptor& path : registry()) {
    EXPECT_TRUE(names.insert(path.name).second) << path.name;
    EXPECT_EQ(find(path.name), &path);
    EXPECT_FALSE(path.summary.empty()) << path.name;
    EXPECT_TRUE(path.make_syscall || path.make_ring) << path.name;
  }
  EXPECT_EQ(find("nonsense"), nullptr);
}

TEST(ReceiveRegistry, SaysWhyAPairIsImpossible) {
  EXPECT_THAT(why_unavailable(EngineKind::pthread, *find("multishot"), probe()),
              Optional(HasSubstr("multishot needs a ring")));
  EXPECT_THAT(why_unavailable(EngineKind::uring, *find("recv"), probe()),
              Optional(HasSubstr("no io_uring operation")));
  EXPECT_THAT(why_unavailable(EngineKind::uring, *find("zerocopy-mmap"), probe()),
              Optional(HasSubstr("no io_uring operation")));
  EXPECT_EQ(why_unavailable(EngineKind::epoll, *find("recv"), probe()), std::nullopt);
}

TEST(ReceiveRegistry, TheDefaultIsAvailableWhereAnythingIs) {
  EXPECT_EQ(default_for(EngineKind::pthread, probe()).name, "recv");
  EXPECT_EQ(default_for(EngineKind::epoll, probe()).name, "recv");
  const bool has_multishot = probe().of(uring::Feature::recv_multishot).present() &&
                             probe().of(uring::Feature::buffer_ring).present();
  EXPECT_EQ(default_for(EngineKind::uring, probe()).name, has_multishot ? "multishot" : "single");
}

TEST(ReceiveRegistry, EveryDeliveryIsThere) {
  EXPECT_EQ(find("trunc")->delivery, Delivery::discarded);
  EXPECT_EQ(find("zerocopy-mmap")->delivery, Delivery::mapped);
  EXPECT_EQ(find("read-fixed")->delivery, Delivery::copied);
}

}  // namespace
}  // namespace ub::receive
