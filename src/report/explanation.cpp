#include "uringbench/report/explanation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "metrics.hpp"
#include "role_costs.hpp"

namespace ub::report {
namespace {

using Samples = std::vector<const Sample*>;

/// The valid samples of `the_case` as it runs for `purpose`, by block.
Samples samples_of(const std::vector<Sample>& samples, Case the_case, Purpose purpose) {
  the_case.purpose = purpose;
  Samples found;
  for (const Sample& sample : samples) {
    if (sample.status == Status::valid && sample.the_case == the_case) found.push_back(&sample);
  }
  std::stable_sort(found.begin(), found.end(), [](const Sample* left, const Sample* right) {
    return left->block < right->block;
  });
  return found;
}

std::vector<std::string> failures_of(const std::vector<Sample>& samples, const Case& the_case) {
  std::vector<std::string> failures;
  for (const Sample& sample : samples) {
    Case other = sample.the_case;
    other.purpose = the_case.purpose;
    if (sample.status == Status::valid || other != the_case) continue;
    std::string text = fmt::format("{}: {}", to_text(sample.status), sample.reason);
    if (std::find(failures.begin(), failures.end(), text) == failures.end()) {
      failures.push_back(std::move(text));
    }
  }
  return failures;
}

/// Message rates of two sets of samples in the blocks that both have.
struct Paired {
  std::vector<double> left;
  std::vector<double> right;
};

Paired paired_rates(const Samples& left, const Samples& right) {
  Paired rates;
  for (const Sample* one : left) {
    const auto twin = std::find_if(right.begin(), right.end(),
                                   [&](const Sample* other) { return other->block == one->block; });
    if (twin == right.end()) continue;
    rates.left.push_back(one->message_rate);
    rates.right.push_back((*twin)->message_rate);
  }
  return rates;
}

ExplainedSide side_of(const std::vector<Sample>& samples, const Case& the_case,
                      const std::string& claim) {
  ExplainedSide side;
  side.the_case = the_case;
  side.claim = claim;
  const Samples profiled = samples_of(samples, the_case, Purpose::profile);
  const Samples plain = samples_of(samples, the_case, Purpose::comparison);
  side.server = role_costs(profiled, &Sample::server);
  side.client = role_costs(profiled, &Sample::client);
  for (const Sample* sample : plain) side.rates.push_back(sample->message_rate);
  const Paired rates = paired_rates(profiled, plain);
  side.slowdown = stats::paired_ratio(rates.left, rates.right);
  side.failures = failures_of(samples, the_case);
  return side;
}

stats::Comparison speed_of(const std::vector<Sample>& samples, const ExplainedPair& pair) {
  const Paired rates = paired_rates(samples_of(samples, pair.b, Purpose::comparison),
                                    samples_of(samples, pair.a, Purpose::comparison));
  const std::array arms{stats::Arms{.a = rates.left, .b = rates.right}};
  return stats::compare(arms).front();
}

/// What a message costs in one category, both roles together.
Cost both_roles(const ExplainedSide& side, Category category) {
  Cost sum;
  for (const RoleCosts* role : {&side.server, &side.client}) {
    const auto found = role->per_message.find(category);
    if (found == role->per_message.end()) continue;
    sum = {sum.ns + found->second.ns, std::hypot(sum.half, found->second.half)};
  }
  return sum;
}

}  // namespace

bool CategoryDifference::shown() const {
  return std::abs(difference.ns) > difference.half;
}

Explanation explain(const std::vector<Sample>& samples, const ExplainedPair& pair) {
  Explanation explanation;
  explanation.a = side_of(samples, pair.a, pair.claim_a);
  explanation.b = side_of(samples, pair.b, pair.claim_b);
  explanation.server = differences(explanation.a.server, explanation.b.server);
  explanation.client = differences(explanation.a.client, explanation.b.client);
  explanation.speed = speed_of(samples, pair);
  explanation.yardstick = pair.yardstick;
  return explanation;
}

std::optional<Cost> copies_per_byte(const ExplainedSide& side, Category category,
                                    const CopyYardstick& yardstick) {
  const double bytes = side.server.bytes_per_message;
  if (side.server.per_message.empty() || bytes <= 0 || yardstick.bytes_per_ns <= 0) {
    return std::nullopt;
  }
  const Cost cost = both_roles(side, category);
  const double copies_per_ns = yardstick.bytes_per_ns / bytes;
  return Cost{cost.ns * copies_per_ns, cost.half * copies_per_ns};
}

}  // namespace ub::report
