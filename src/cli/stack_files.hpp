#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "uringbench/analysis/flames.hpp"
#include "uringbench/model/case.hpp"
#include "uringbench/model/plan.hpp"

namespace ub::cli {

/// Folded stacks of a study, for flame graphs:
/// stacks/<mode>-<size>B-<clients>c-<case>.<role>.folded in its directory, one file for each role
/// and case. Repetitions are appended; the tools that read the form add lines up that are alike.
class StackFiles {
 public:
  /// An empty `directory` keeps nothing.
  explicit StackFiles(std::filesystem::path directory) : directory_(std::move(directory)) {}

  using Writer = std::function<void(const Case&, std::string_view role, const std::string& folded)>;
  /// None when nothing is kept. Views this object.
  [[nodiscard]] Writer writer();

  /// Why the first of them could not be written; empty when all were. It costs no sample.
  [[nodiscard]] const std::string& broken() const { return broken_; }

 private:
  void append(const Case& the_case, std::string_view role, const std::string& folded) const;

  std::filesystem::path directory_;
  std::string broken_;
};

/// "uring-send-zc-4096B-1c-9f86d081.server.folded": the digits tell cases apart that differ in
/// another factor.
std::string stack_file_name(const Case& the_case, std::string_view role);

/// What the study in `directory` kept of the profiled cases of its plan. Empty where it kept none:
/// then there is only no flame graph.
std::vector<analysis::FoldedStacks> read_stacks(const std::filesystem::path& directory,
                                                const Plan& plan);

}  // namespace ub::cli
