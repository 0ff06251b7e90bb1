#pragma once

#include <string>

#include "uringbench/perf/named_chain.hpp"
#include "uringbench/perf/profile.hpp"

namespace ub::perf {

/// The profile in the folded form that flame graph tools read: a line for each distinct chain, root
/// first, "main;send;tcp_sendmsg_[k] 42", kernel functions marked "_[k]", with the number of
/// samples. Sorted.
std::string folded_stacks(const Profile& profile, const TimeWindow& window, ChainNamer& namer);

}  // namespace ub::perf
