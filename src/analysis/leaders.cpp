#include "uringbench/analysis/leaders.hpp"

#include <algorithm>
#include <map>

#include "uringbench/stats/compare.hpp"

namespace ub::analysis {
namespace {

/// Rows of one group and batch, and where their comparisons stand among all.
struct Field {
  const Group* group = nullptr;
  std::vector<const Row*> rows;  ///< the fastest first
  std::size_t first = 0;  ///< the first comparison of `rows`, in the order of for_each_pair()
};

/// Calls `take` with the positions i < j of each pair.
template <typename Take>
void for_each_pair(const Field& field, Take take) {
  for (std::size_t i = 0; i < field.rows.size(); ++i) {
    for (std::size_t j = i + 1; j < field.rows.size(); ++j) take(i, j);
  }
}

double median_of(const Row& row, Metric metric) {
  const auto found = spread_of(row, metric);
  return found ? found->median : 0;
}

std::vector<Field> fields_of(const std::vector<Group>& groups, Objective by) {
  constexpr std::size_t kFewestBlocks = 2;
  std::vector<Field> fields;
  for (const Group& group : groups) {
    std::map<std::uint32_t, Field> by_batch;
    for (const Row& row : group.rows) {
      const Case& c = row.the_case;
      const bool applies = by == Objective::cpu || judged_by(c) == by;
      if (sends_nothing(c) || !applies || row.valid.size() < kFewestBlocks) continue;
      by_batch[c.batch].rows.push_back(&row);
    }
    for (auto& [batch, field] : by_batch) {
      if (field.rows.size() < 2) continue;
      field.group = &group;
      std::stable_sort(field.rows.begin(), field.rows.end(),
                       [merit = merit_of(by)](const Row* left, const Row* right) {
                         return median_of(*left, merit) > median_of(*right, merit);
                       });
      fields.push_back(std::move(field));
    }
  }
  return fields;
}

/// All pairs of all fields.
std::vector<Paired> pairs_of(std::vector<Field>& fields, Metric metric) {
  std::vector<Paired> pairs;
  for (Field& field : fields) {
    field.first = pairs.size();
    for_each_pair(field, [&](std::size_t i, std::size_t j) {
      pairs.push_back(paired_values(*field.rows[i], *field.rows[j], metric));
    });
  }
  return pairs;
}

Leaders leaders_of(const Field& field, const std::vector<stats::Comparison>& results) {
  Leaders leaders;
  leaders.title = field.group->title;
  leaders.example = field.rows.front()->the_case;
  std::vector<bool> leads(field.rows.size(), true);
  // The first rows.size() - 1 comparisons of a field are those of the fastest with each other one.
  for (std::size_t i = 1; i < field.rows.size(); ++i) {
    const stats::Comparison& against = results[field.first + i - 1];
    leads[i] = against.verdict != stats::Verdict::faster;
    if (leads[i] || !leaders.next.empty()) continue;
    leaders.next = variant_name(field.rows[i]->the_case);
    leaders.over_next = against.ratio;
  }
  for (std::size_t i = 0; i < field.rows.size(); ++i) {
    if (!leads[i]) continue;
    leaders.names.push_back(variant_name(field.rows[i]->the_case));
    leaders.modes.push_back(mode_name(field.rows[i]->the_case));
    const auto more = i == 0 ? std::nullopt : results[field.first + i - 1].more_blocks;
    if (more && (!leaders.more_blocks || *more < *leaders.more_blocks)) leaders.more_blocks = more;
  }
  return leaders;
}

}  // namespace

std::vector<Leaders> leaders_of(const std::vector<Group>& groups, const Noise& noise,
                                Objective by) {
  std::vector<Field> fields = fields_of(groups, by);
  const std::vector<stats::Comparison> results =
      compare_paired(pairs_of(fields, merit_of(by)), noise);
  std::vector<Leaders> all;
  all.reserve(fields.size());
  for (const Field& field : fields) {
    all.push_back(leaders_of(field, results));
    all.back().by = by;
  }
  return all;
}

}  // namespace ub::analysis
