#include "uringbench/analysis/explanation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "uringbench/analysis/metrics.hpp"
#include "uringbench/base/affinity.hpp"
#include "uringbench/base/clock.hpp"
#include "uringbench/stats/interval.hpp"

namespace ub::analysis {
namespace {

double square(double value) {
  return value * value;
}

/// Two-sided 95 % of Student's t with 2, 3, … degrees of freedom; beyond the table the normal's.
double student_t(std::size_t degrees) {
  constexpr std::array kTable{4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228};
  return degrees - 2 < kTable.size() ? kTable[degrees - 2] : 1.960;
}

/// Half the 95 % interval of the mean, as the repetitions differ; 0 with fewer than three.
double half_of_repetitions(const std::vector<double>& values) {
  if (values.size() < 3) return 0;
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0;
  for (const double value : values) squares += square(value - mean);
  return student_t(values.size() - 1) * std::sqrt(squares / (count - 1) / count);
}

/// One category over the repetitions, before it is divided by the messages.
struct Pool {
  double ns = 0;
  double squared_half = 0;
  std::vector<double> each;  ///< ns a message of every repetition

  void add(const Estimate& per_message, double messages) {
    ns += per_message.value * messages;
    squared_half += square((per_message.high - per_message.low) / 2 * messages);
    each.push_back(per_message.value);
  }

  [[nodiscard]] Cost over(double messages) const {
    const double sampling = std::sqrt(squared_half) / messages;
    return {ns / messages, std::max(sampling, half_of_repetitions(each))};
  }
};

/// Why a sample has no ledger a message; empty when it has one.
std::string why_none(const RoleUsage& usage) {
  if (!usage.profile) return "it was not profiled";
  if (const auto* none = std::get_if<Unavailable>(&*usage.profile)) return none->reason;
  const Ledger& ledger = std::get<RoleProfile>(*usage.profile).ledger;
  const bool priced = !ledger.lines.empty() && ledger.lines.front().ns_per_message;
  return priced ? "" : "no message arrived in the window";
}

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
struct PairedRates {
  std::vector<double> left;
  std::vector<double> right;
};

PairedRates paired_rates(const Samples& left, const Samples& right) {
  PairedRates rates;
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
  const PairedRates rates = paired_rates(profiled, plain);
  side.slowdown = stats::paired_ratio(rates.left, rates.right);
  side.failures = failures_of(samples, the_case);
  return side;
}

stats::Comparison speed_of(const std::vector<Sample>& samples, const ExplainedPair& pair) {
  const PairedRates rates = paired_rates(samples_of(samples, pair.b, Purpose::comparison),
                                         samples_of(samples, pair.a, Purpose::comparison));
  const std::array arms{stats::Sides{.a = rates.left, .b = rates.right}};
  return stats::compare(arms).front();
}

/// Median of the differences within blocks; none of so few that its interval would claim too much.
std::optional<Cost> median_of(const std::vector<double>& differences) {
  constexpr double kLeastLevel = 0.9;
  const auto interval = stats::median_interval(differences);
  if (!interval || interval->level < kLeastLevel) return std::nullopt;
  return Cost{interval->value,
              std::max(interval->high - interval->value, interval->value - interval->low)};
}

std::optional<TimeDifference> time_of(const std::vector<Sample>& samples,
                                      const ExplainedPair& pair) {
  const auto cpus = parse_cpu_list(pair.a.server_cpus);
  if (!cpus || cpus->size() != 1 || pair.b.server_cpus != pair.a.server_cpus) return std::nullopt;
  std::vector<double> times;
  std::vector<double> server_cpu;
  const Samples right = samples_of(samples, pair.b, Purpose::comparison);
  for (const Sample* a : samples_of(samples, pair.a, Purpose::comparison)) {
    const auto b = std::find_if(right.begin(), right.end(),
                                [&](const Sample* other) { return other->block == a->block; });
    if (b == right.end() || a->message_rate <= 0 || (*b)->message_rate <= 0) continue;
    const Reading a_cpu = server_ns_per_message(*a);
    const Reading b_cpu = server_ns_per_message(**b);
    const auto* a_ns = std::get_if<Counted>(&a_cpu);
    const auto* b_ns = std::get_if<Counted>(&b_cpu);
    if (a_ns == nullptr || b_ns == nullptr) continue;
    times.push_back(kNsPerSecond / (*b)->message_rate - kNsPerSecond / a->message_rate);
    server_cpu.push_back(b_ns->value - a_ns->value);
  }
  const auto time = median_of(times);
  const auto cpu = median_of(server_cpu);
  if (!time || !cpu) return std::nullopt;
  return TimeDifference{*time, *cpu};
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

RoleCosts role_costs(const std::vector<const Sample*>& profiled, RoleUsage Sample::*usage) {
  RoleCosts costs;
  std::map<Category, Pool> pools;
  double messages = 0;
  double bytes = 0;
  costs.missing = "no profiled repetition gave figures";
  for (const Sample* sample : profiled) {
    const RoleUsage& role = sample->*usage;
    const std::string none = why_none(role);
    if (!none.empty()) {
      costs.missing = none;
      continue;
    }
    const auto& profile = std::get<RoleProfile>(*role.profile);
    const auto count = static_cast<double>(sample->messages);
    for (const LedgerLine& line : profile.ledger.lines) {
      pools[line.category].add(*line.ns_per_message, count);
    }
    messages += count;
    bytes += static_cast<double>(sample->bytes);
    costs.samples += profile.ledger.samples;
    costs.lost += profile.lost;
    costs.event = profile.event;
    costs.events_on = profile.events_on;
  }
  if (messages <= 0) return costs;
  costs.missing.clear();
  costs.bytes_per_message = bytes / messages;
  for (const auto& [category, pool] : pools) {
    costs.per_message[category] = pool.over(messages);
    costs.total_ns += pool.ns / messages;
  }
  return costs;
}

std::vector<CategoryDifference> differences(const RoleCosts& a, const RoleCosts& b) {
  std::vector<CategoryDifference> all;
  if (a.per_message.empty() || b.per_message.empty()) return all;
  for (const Category category : all_categories()) {
    CategoryDifference each;
    each.category = category;
    if (const auto found = a.per_message.find(category); found != a.per_message.end()) {
      each.a = found->second;
    }
    if (const auto found = b.per_message.find(category); found != b.per_message.end()) {
      each.b = found->second;
    }
    each.difference = {each.b.ns - each.a.ns, std::hypot(each.a.half, each.b.half)};
    if (each.a.ns > 0 || each.b.ns > 0) all.push_back(each);
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const CategoryDifference& left, const CategoryDifference& right) {
                     return std::abs(left.difference.ns) > std::abs(right.difference.ns);
                   });
  return all;
}

bool TimeDifference::shown() const {
  return std::abs(time.ns) > time.half;
}

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
  explanation.time = time_of(samples, pair);
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

}  // namespace ub::analysis
