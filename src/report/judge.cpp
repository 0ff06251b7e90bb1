#include "judge.hpp"

#include <map>

namespace ub::report {
namespace {

std::map<std::uint32_t, double> by_block(const Row& row, Metric metric) {
  std::map<std::uint32_t, double> values;
  for (const Sample& sample : row.valid) {
    const Reading reading = metric(sample);
    if (const auto* counted = std::get_if<Counted>(&reading)) {
      values.emplace(sample.block, counted->value);
    }
  }
  return values;
}

/// A row that is to be judged, and the data for it.
struct Contest {
  Row* row = nullptr;
  Paired values;
};

std::vector<Contest> contests_of(std::vector<Block>& blocks, const std::string& baseline) {
  std::vector<Contest> contests;
  for (Block& block : blocks) {
    const Row* base = baseline_of(block, baseline);
    if (base == nullptr) continue;
    for (Row& row : block.rows) {
      if (&row == base || row.valid.empty() || sends_nothing(row.the_case)) continue;
      contests.push_back({&row, paired_values(row, *base, message_rate)});
    }
  }
  return contests;
}

}  // namespace

std::vector<double> values_of(const Row& row, Metric metric) {
  std::vector<double> values;
  for (const Sample& sample : row.valid) {
    const Reading reading = metric(sample);
    if (const auto* counted = std::get_if<Counted>(&reading)) values.push_back(counted->value);
  }
  return values;
}

Paired paired_values(const Row& a, const Row& b, Metric metric) {
  const auto of_b = by_block(b, metric);
  Paired pairs;
  for (const auto& [block, value] : by_block(a, metric)) {
    const auto other = of_b.find(block);
    if (other == of_b.end()) continue;
    pairs.a.push_back(value);
    pairs.b.push_back(other->second);
  }
  return pairs;
}

void judge(std::vector<Block>& blocks, const JudgeOptions& options) {
  const std::vector<Contest> contests = contests_of(blocks, options.baseline);
  std::vector<stats::Arms> arms;
  arms.reserve(contests.size());
  for (const Contest& contest : contests) {
    arms.push_back({contest.values.a, contest.values.b,
                    options.noise.floor_of_median(contest.values.a.size())});
  }
  const std::vector<stats::Comparison> results = stats::compare(arms);
  for (std::size_t i = 0; i < results.size(); ++i) contests[i].row->against_baseline = results[i];
}

}  // namespace ub::report
