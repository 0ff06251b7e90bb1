#pragma once

#include <vector>

#include "uringbench/model/sample.hpp"

namespace ub::run {

/// Follows the sentinel through a study. Once it has moved by more than stats::drift()'s threshold
/// since the beginning (of the last 200), and not by chance, every further sample carries the mark
/// "drift", until the sentinel is back. Pure: the same samples in the same order give the same
/// marks.
class DriftWatch {
 public:
  /// In the order in which they ran; only valid sentinels count.
  void add(const Sample& sample);

  [[nodiscard]] bool drifting() const { return drifting_; }

 private:
  std::vector<double> rates_;
  bool drifting_ = false;
};

}  // namespace ub::run
