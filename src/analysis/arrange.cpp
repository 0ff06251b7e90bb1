#include "uringbench/analysis/arrange.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_map>

#include "uringbench/stats/quantile.hpp"

namespace ub::analysis {
namespace {

/// Finds the row of a case, and makes it where there is none. Hashed: a study may have 100,000.
class Arranger {
 public:
  Row& row_of(const Case& the_case) {
    const auto known = rows_.find(the_case);
    if (known != rows_.end()) return groups_[known->second.first].rows[known->second.second];
    const auto [group, is_new] =
        by_conditions_.try_emplace(with_default_variants(the_case), groups_.size());
    if (is_new) groups_.emplace_back();
    std::vector<Row>& rows = groups_[group->second].rows;
    rows_.emplace(the_case, std::pair(group->second, rows.size()));
    rows.push_back({the_case, {}, {}});
    return rows.back();
  }

  std::vector<Group> take() { return std::move(groups_); }

 private:
  std::vector<Group> groups_;
  std::unordered_map<Case, std::pair<std::size_t, std::size_t>, CaseHash> rows_;
  std::unordered_map<Case, std::size_t, CaseHash> by_conditions_;
};

void add_failure(Row& row, std::string status, std::string reason) {
  const auto same = std::find_if(
      row.failures.begin(), row.failures.end(),
      [&](const Failure& each) { return each.status == status && each.reason == reason; });
  if (same != row.failures.end()) {
    ++same->count;
  } else {
    row.failures.push_back({std::move(status), std::move(reason), 1});
  }
}

void add_sample(Row& row, const Sample& sample) {
  if (sample.status == Status::valid) {
    row.valid.push_back(&sample);
  } else {
    add_failure(row, std::string(to_text(sample.status)), sample.reason);
  }
}

void add_planned_without_sample(Row& row, const PlannedCase& planned) {
  if (!row.valid.empty() || !row.failures.empty()) return;
  if (planned.unavailable.empty()) {
    add_failure(row, "not run", "the study ended before its turn");
  } else {
    add_failure(row, std::string(to_text(Status::unavailable)), planned.unavailable);
  }
}

std::map<std::uint32_t, double> by_block(const Row& row, Metric metric) {
  std::map<std::uint32_t, double> values;
  for (const Sample* sample : row.valid) {
    const Reading reading = metric(*sample);
    if (const auto* counted = std::get_if<Counted>(&reading)) {
      values.emplace(sample->block, counted->value);
    }
  }
  return values;
}

bool titles_every_group(const Factor& factor) {
  return factor.key == "size_bytes" || factor.key == "clients";
}

/// The row of the baseline's variant that has this batch, and a valid sample.
std::optional<std::size_t> baseline_with_batch(const Group& group, std::uint32_t batch) {
  const Row* first = group.baseline_row();
  if (first == nullptr) return std::nullopt;
  const std::string name = variant_name(first->the_case);
  const auto found = std::find_if(group.rows.begin(), group.rows.end(), [&](const Row& row) {
    return row.the_case.batch == batch && !row.valid.empty() && variant_name(row.the_case) == name;
  });
  if (found == group.rows.end()) return std::nullopt;
  return static_cast<std::size_t>(found - group.rows.begin());
}

}  // namespace

std::string variant_and_batch(const Case& the_case) {
  if (the_case.batch == 1) return variant_name(the_case);
  return fmt::format("{} x{}", variant_name(the_case), the_case.batch);
}

std::vector<Group> arrange(const Plan& plan, const std::vector<Sample>& samples, Purpose purpose) {
  Arranger arranger;
  for (const PlannedCase& planned : plan.cases) {
    if (planned.the_case.purpose == purpose) arranger.row_of(planned.the_case);
  }
  for (const Sample& sample : samples) {
    if (sample.the_case.purpose == purpose) add_sample(arranger.row_of(sample.the_case), sample);
  }
  for (const PlannedCase& planned : plan.cases) {
    if (planned.the_case.purpose != purpose) continue;
    add_planned_without_sample(arranger.row_of(planned.the_case), planned);
  }
  return arranger.take();
}

void choose_baselines(std::vector<Group>& groups, const std::string& baseline) {
  for (Group& group : groups) {
    const auto found = std::find_if(group.rows.begin(), group.rows.end(), [&](const Row& row) {
      if (row.valid.empty() || sends_nothing(row.the_case)) return false;
      return baseline.empty() || variant_name(row.the_case) == baseline ||
             mode_name(row.the_case) == baseline;
    });
    group.baseline.reset();
    if (found != group.rows.end()) {
      group.baseline = static_cast<std::size_t>(found - group.rows.begin());
    }
    for (Row& row : group.rows) row.baseline = baseline_with_batch(group, row.the_case.batch);
  }
}

std::optional<Spread> spread_of(const Row& row, Metric metric) {
  std::vector<double> values;
  double running = 1;
  for (const Sample* sample : row.valid) {
    const Reading reading = metric(*sample);
    const auto* counted = std::get_if<Counted>(&reading);
    if (counted == nullptr) continue;
    values.push_back(counted->value);
    running = std::min(running, counted->running);
  }
  const auto median = stats::median(values);
  const auto extremes = stats::extremes(values);
  if (!median || !extremes) return std::nullopt;
  return Spread{*median, extremes->min, extremes->max, running, values.size()};
}

std::vector<double> values_of(const Row& row, Metric metric) {
  std::vector<double> values;
  for (const Sample* sample : row.valid) {
    const Reading reading = metric(*sample);
    if (const auto* counted = std::get_if<Counted>(&reading)) values.push_back(counted->value);
  }
  return values;
}

std::optional<stats::Interval> interval_of(const Row& row, Metric metric) {
  return stats::median_interval(values_of(row, metric));
}

std::optional<stats::Interval> rate_of(const Row& row) {
  return interval_of(row, message_rate);
}

std::optional<stats::TwoLevels> levels_of(const Row& row) {
  return stats::two_levels(values_of(row, message_rate));
}

std::optional<double> ratio_to(const Row& row, const Row* baseline) {
  if (row.against_baseline && row.against_baseline->ratio) {
    return row.against_baseline->ratio->value;
  }
  if (baseline == nullptr || sends_nothing(row.the_case)) return std::nullopt;
  const Metric merit = merit_of(judged_by(row.the_case));
  const auto own = spread_of(row, merit);
  const auto base = spread_of(*baseline, merit);
  if (!own || !base || base->median <= 0) return std::nullopt;
  return own->median / base->median;
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

std::optional<stats::Interval> ratio_of(const Row& a, const Row& b, Metric metric) {
  const Paired values = paired_values(a, b, metric);
  return stats::paired_ratio(values.a, values.b);
}

ZeroCopyCounts zero_copy_of(const Row& row) {
  ZeroCopyCounts total;
  for (const Sample* sample : row.valid) {
    if (sample->zero_copy) total += *sample->zero_copy;
  }
  return total;
}

double released(const ZeroCopyCounts& counts) {
  return static_cast<double>(counts.real + counts.copied + counts.unreported);
}

bool was_copied(const ZeroCopyCounts& counts) {
  return static_cast<double>(counts.copied) > kMostNotReal * released(counts);
}

bool was_really_copied(const ZeroCopyCounts& counts) {
  return was_copied(counts) && counts.cause != kJoinedNotifications;
}

std::map<std::string, std::size_t> marks_of(const Row& row) {
  std::map<std::string, std::size_t> counts;
  for (const Sample* sample : row.valid) {
    for (const std::string& mark : sample->marks) ++counts[mark];
  }
  return counts;
}

Titles::Titles(const std::vector<const Case*>& cases) {
  for (const Factor& factor : factors()) {
    Shared shared{&factor, nullptr, ""};
    bool alike = true;
    for (const Case* each : cases) {
      std::string text = factor.title_of(*each);
      if (text.empty()) continue;  // a case of UDP has none of TCP's
      if (shared.example == nullptr) {
        shared.example = each;
        shared.text = std::move(text);
      } else {
        alike = alike && text == shared.text;
      }
    }
    if (!alike || titles_every_group(factor)) {
      differing_.push_back(&factor);
    } else if (shared.example != nullptr) {
      shared_.push_back(std::move(shared));
    }
  }
}

std::string Titles::of(const Case& the_case, Size size) const {
  std::vector<std::string> texts;
  for (const Factor* factor : differing_) {
    if (size == Size::left_out && factor->key == "size_bytes") continue;
    std::string text = factor->title_of(the_case);
    if (!text.empty()) texts.push_back(std::move(text));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::vector<const Case*> cases_of(const std::vector<Group>& groups) {
  std::vector<const Case*> cases;
  cases.reserve(groups.size());
  for (const Group& group : groups) cases.push_back(&group.rows.front().the_case);
  return cases;
}

}  // namespace ub::analysis
