#pragma once

#include <span>
#include <string_view>

/// The kernel's features that decide what a way of sending or receiving does: one table for the
/// probe, the reports and the documents (docs/kernels.md).
namespace ub {

struct KernelFeature {
  std::string_view name;  ///< the kernel's own, where the probe asks for it
  std::string_view
      since;  ///< first mainline version; distributions backport, so it decides nothing
  /// The probe asks for it (uring/probe.hpp); else only the version of the kernel hints at it.
  bool probed = true;
  std::string_view changes;   ///< what, in one line
  std::string_view evidence;  ///< the kernel's own word: a man page or a commit
  /// What it can explain: paths ("send-zc"), receive paths ("receive=single"), or engines
  /// ("uring"), between blanks; and facts of a case by their names (analysis/facts.hpp), between
  /// commas.
  std::string_view ways;
  std::string_view facts;
};

std::span<const KernelFeature> kernel_features();

/// Null where the table has no such feature.
const KernelFeature* find_kernel_feature(std::string_view name);

/// Whether a release ("6.1.0-53-amd64") is of the version `since` or later. Of no number: false.
bool is_since(std::string_view release, std::string_view since);

}  // namespace ub
