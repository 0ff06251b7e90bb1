#include "role_costs.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace ub::report {
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

}  // namespace ub::report
