#pragma once

#include <string>
#include <vector>

#include "uringbench/analysis/analysis.hpp"
#include "uringbench/model/environment.hpp"
#include "uringbench/model/plan.hpp"
#include "uringbench/model/sample.hpp"

/// Fixed data with figures like those of a real study, so that golden files can be read as a user
/// would: single samples, and whole studies that a formula of the block number draws, without
/// random numbers. For the tests of analysis and report.
namespace ub::test {

Case case_of(EngineKind engine, const std::string& path, Family family, std::uint64_t size_bytes);

/// A valid sample of `the_case`: one second, `gbps` arrived, no PMU. Books balance.
Sample sample_of(const Case& the_case, double gbps, std::uint32_t rep = 0);

/// One that counted `messages` on the null path for one second of CPU.
Sample null_sample(EngineKind engine, std::uint64_t messages);

Sample failed_sample(const Case& the_case, Status status, const std::string& reason,
                     std::uint32_t rep = 0);

ZeroCopyCounts zero_copy_counts(std::uint64_t real, std::uint64_t copied, std::uint64_t unreported);

/// A plan of the cases of `samples`, in their order.
Plan plan_for(const std::vector<Sample>& samples, std::uint32_t reps = 1);

Environment environment();

/// Three repetitions at 4 KiB: every kind of row that a table knows.
std::vector<Sample> comparison_samples();

/// One size, five modes, blocks that drift by 10 %: pthread-two-copy (the baseline), epoll-two-copy
/// 20 % faster, pthread-gather 10 % slower, epoll-gather within 1 %, uring-two-copy anything.
std::vector<Sample> verdict_samples(std::uint32_t blocks);

/// Two modes at one fixed arrival rate, which both of them keep up with: the p99 of epoll-two-copy
/// is half of that of pthread-two-copy (the baseline), p50 and CPU time are the same.
std::vector<Sample> paced_samples(std::uint32_t blocks);

/// uring-two-copy and uring-send-zc at 1K to 256K with costs of the form fixed + per byte * size
/// that meet at 16,000 bytes, 2 % noise; and uring-fixed, which is always the cheapest.
std::vector<Sample> crossing_samples(std::uint32_t blocks);

/// `samples` with every rate times `factor`.
std::vector<Sample> scaled_samples(std::vector<Sample> samples, double factor);

/// With the plan that fits the samples.
analysis::StudyData study_of(std::vector<Sample> samples);

}  // namespace ub::test
