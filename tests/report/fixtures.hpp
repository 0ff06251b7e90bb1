#pragma once

#include <string>
#include <vector>

#include "uringbench/model/environment.hpp"
#include "uringbench/model/plan.hpp"
#include "uringbench/model/sample.hpp"
#include "uringbench/report/reporter.hpp"

/// Fixed data with figures like those of a real study, so that golden files can be read as a user
/// would.
namespace ub::report {

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

/// What a TableReporter prints of them.
std::string table_of(const Plan& plan, const std::vector<Sample>& samples,
                     const TableOptions& options = {});
std::string table_of(const std::vector<Sample>& samples, const TableOptions& options = {});

TableOptions with_baseline(const std::string& mode);
TableOptions with_colour();

/// Runs any reporter over `samples`.
void feed(Reporter& reporter, const Plan& plan, const std::vector<Sample>& samples);

}  // namespace ub::report
