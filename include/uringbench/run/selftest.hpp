#pragma once

#include <string>
#include <string_view>

#include "uringbench/model/plan.hpp"
#include "uringbench/model/sample.hpp"
#include "uringbench/uring/probe.hpp"

namespace ub::run {

/// Whether the zero-copy meter told the truth of one mode over one link.
enum class Verdict {
  ok,           ///< it said what must be
  contradicts,  ///< it said the opposite
  cannot_tell,  ///< the kernel reports nothing of this path
  not_judged,   ///< the run failed, or nothing was counted
  unavailable,  ///< this machine cannot have the mode or the link
};

std::string_view to_text(Verdict verdict);

struct SelftestRow {
  std::string mode;
  Link link = {};
  std::string expected;  ///< "copied" or "real"
  std::string said;      ///< "99.8% real", or why there is nothing
  std::string cause;     ///< of copying
  Verdict verdict = Verdict::unavailable;
};

/// Every zero-copy mode of this kernel, briefly over the default link, which copies, and over every
/// link that drops, where nothing may be copied.
Plan selftest_plan(const uring::Probe& probe);

/// What is delivered on this host is always copied, what a device drops never: at most one send in
/// a hundred may say otherwise.
SelftestRow judge(const Sample& sample);

}  // namespace ub::run
