#pragma once

#include "uringbench/model/plan.hpp"
#include "uringbench/plan/options.hpp"
#include "uringbench/uring/probe.hpp"

namespace ub::plan {

/// A plan of the one mode of `options` as it is (the baseline, first), of it with each feature of
/// its engine switched alone, and of it with all those switched together that go together. A
/// feature that `options` have switched already is left as it is. Throws UsageError as build_plan()
/// does, and when `options` name more than one case.
Plan build_ablation(const StudyOptions& options, const uring::Probe& probe);

}  // namespace ub::plan
