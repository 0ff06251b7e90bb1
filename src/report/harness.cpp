#include "harness.hpp"

#include <algorithm>
#include <iterator>

#include "block.hpp"
#include "remark.hpp"
#include "wrap.hpp"

namespace ub::report {

Plan part_of(const Plan& plan, Purpose purpose) {
  Plan part{.cases = {}, .reps = plan.reps, .seed = plan.seed};
  std::copy_if(plan.cases.begin(), plan.cases.end(), std::back_inserter(part.cases),
               [&](const PlannedCase& planned) { return planned.the_case.purpose == purpose; });
  return part;
}

std::vector<Sample> part_of(const std::vector<Sample>& samples, Purpose purpose) {
  std::vector<Sample> part;
  std::copy_if(samples.begin(), samples.end(), std::back_inserter(part),
               [&](const Sample& sample) { return sample.the_case.purpose == purpose; });
  return part;
}

std::string harness_footer(const Plan& plan, const std::vector<Sample>& samples) {
  const auto blocks = arrange(part_of(plan, Purpose::harness), part_of(samples, Purpose::harness));
  std::string text;
  for (const Block& block : blocks) {
    const std::string cost = harness_cost(block);
    if (!cost.empty()) text += paragraph(cost, {.first = 0, .rest = 2});
    text += render_failures(block, plan.reps);
  }
  return text;
}

}  // namespace ub::report
