#pragma once

#include <vector>

#include "uringbench/model/sample.hpp"

/// Whole studies as literals: figures that a formula of the block number draws, no random numbers.
namespace ub::report {

/// One size, five modes, blocks that drift by 10 %: pthread-two-copy (the baseline), epoll-two-copy
/// 20 % faster, pthread-gather 10 % slower, epoll-gather within 1 %, uring-two-copy anything.
std::vector<Sample> verdict_samples(std::uint32_t blocks);

/// uring-two-copy and uring-send-zc at 1K to 256K with costs of the form fixed + per byte * size
/// that meet at 16,000 bytes, 2 % noise; and uring-fixed, which is always the cheapest.
std::vector<Sample> crossing_samples(std::uint32_t blocks);

/// `samples` with every rate times `factor`.
std::vector<Sample> scaled_samples(std::vector<Sample> samples, double factor);

}  // namespace ub::report
