#include "drift_watch.hpp"

#include <gtest/gtest.h>

namespace ub::run {
namespace {

Sample sentinel(double rate) {
  Sample sample;
  sample.status = Status::valid;
  sample.the_case.purpose = Purpose::sentinel;
  sample.message_rate = rate;
  return sample;
}

/// A percent slower each time, with a little noise.
double sinking(int step) {
  return 1000 * (1 - 0.01 * step) + (step % 2 == 0 ? 1 : -1);
}

TEST(DriftWatch, SpeaksUpOnlyWhenThereAreEnoughSentinels) {
  DriftWatch watch;
  for (int step = 0; step < 7; ++step) {
    watch.add(sentinel(sinking(step)));
    EXPECT_FALSE(watch.drifting()) << step;
  }
  watch.add(sentinel(sinking(7)));
  EXPECT_TRUE(watch.drifting());
}

TEST(DriftWatch, NoiseAroundOneValueIsNoDrift) {
  DriftWatch watch;
  for (int step = 0; step < 40; ++step) {
    watch.add(sentinel(1000 + 100 * ((step * 7) % 5 - 2)));
    EXPECT_FALSE(watch.drifting()) << step;
  }
}

TEST(DriftWatch, OnlyValidSentinelsCount) {
  DriftWatch watch;
  for (int step = 0; step < 20; ++step) {
    Sample other = sentinel(sinking(step));
    other.the_case.purpose = Purpose::comparison;
    watch.add(other);
    Sample failed = sentinel(0);
    failed.status = Status::failed;
    watch.add(failed);
  }
  EXPECT_FALSE(watch.drifting());
}

}  // namespace
}  // namespace ub::run
