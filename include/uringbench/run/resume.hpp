#pragma once

#include <vector>

#include "uringbench/model/environment.hpp"
#include "uringbench/model/plan.hpp"
#include "uringbench/model/sample.hpp"

/// What must hold before a study is continued: the same machine, the same plan, and a file that
/// holds the first samples of it. Each throws UsageError that says what differs.
namespace ub::run {

/// Then and now.
struct Environments {
  const Environment& then;
  const Environment& now;
};

/// All facts are compared but those that change by themselves (load, packet sockets).
void require_same_machine(const Environments& environments);

/// The plan in the file, and the one that the options given beside --resume make.
struct Plans {
  const Plan& then;
  const Plan& now;
};

void require_same_plan(const Plans& plans);

/// `samples` are the first of those that `plan` takes, in its order.
void require_beginning_of(const Plan& plan, const std::vector<Sample>& samples);

}  // namespace ub::run
