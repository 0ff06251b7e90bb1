#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generator.hpp"
#include "uringbench/base/error.hpp"

namespace ub::load {
namespace {

using Placements = std::vector<Placement>;

TEST(PlacementTest, OneThreadAClientAtMost) {
  EXPECT_EQ(place_clients(1, {4, 5}), (Placements{{4, 0, 1}}));
  EXPECT_EQ(place_clients(2, {4, 5}), (Placements{{4, 0, 1}, {5, 1, 1}}));
}

TEST(PlacementTest, ClientsAreSpreadEvenlyAndTheLastThreadHasTheMost) {
  EXPECT_EQ(place_clients(3, {0, 1}), (Placements{{0, 0, 1}, {1, 1, 2}}));
  EXPECT_EQ(place_clients(10'000, {0, 2, 3}),
            (Placements{{0, 0, 3333}, {2, 3333, 3333}, {3, 6666, 3334}}));
}

TEST(PlacementTest, CpusComeFromTheCaseOrFromTheProcess) {
  const CpuList allowed = allowed_cpus();
  Case c;
  EXPECT_EQ(client_cpus(c), allowed);
  c.client_cpus = std::to_string(allowed.back());
  EXPECT_EQ(client_cpus(c), CpuList{allowed.back()});
}

TEST(PlacementTest, CpusOutOfReachAreRefused) {
  for (const char* text : {"1023", "zero", "0-1023"}) {
    Case c;
    c.client_cpus = text;
    try {
      client_cpus(c);
      ADD_FAILURE() << text;
    } catch (const SetupError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr(text));
    }
  }
}

}  // namespace
}  // namespace ub::load
