#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "uringbench/analysis/metrics.hpp"
#include "uringbench/model/factor.hpp"
#include "uringbench/model/plan.hpp"
#include "uringbench/model/sample.hpp"
#include "uringbench/stats/compare.hpp"
#include "uringbench/stats/levels.hpp"

/// Samples in groups of comparable cases, and what is computed of a row. Pure functions.
namespace ub::analysis {

/// "uring-bundle x64": the variant, with its batch if that is not 1.
std::string variant_and_batch(const Case& the_case);

/// Repetitions of one case that gave no valid sample, alike in status and reason. Never dropped.
struct Failure {
  std::string status;  ///< of Status, or "not run" for a planned case without any sample
  std::string reason;
  std::size_t count = 0;

  friend bool operator==(const Failure&, const Failure&) = default;
};

/// One objective of a row at the load that its case fixes, against the baseline.
struct AtLoad {
  Objective objective = Objective::latency_p50;
  stats::Comparison against_baseline;
};

/// Everything that is known of one case.
struct Row {
  Case the_case;
  std::vector<const Sample*> valid;  ///< in the study, which outlives the row
  std::vector<Failure> failures;
  /// By choose_baselines(): the row of the group that this one's ratios are to, itself if it is
  /// one.
  std::optional<std::size_t> baseline = std::nullopt;
  /// By judge(): what judged_by() says, as merits within blocks. None for the baseline, and before
  /// it was judged.
  std::optional<stats::Comparison> against_baseline = std::nullopt;
  /// By judge(), at a fixed arrival rate: the other objectives.
  std::vector<AtLoad> at_load = {};
};

/// The fewest buffers that give `share` of the best rate of rows that differ in nothing else.
struct EnoughBuffers {
  std::string variant;
  std::uint64_t buffers = 0;
  std::uint64_t bytes = 0;
  double share = 0;
};

/// Rows that differ in variant factors only.
struct Group {
  std::vector<Row> rows;
  std::string title;  ///< size, clients, and each factor in which the groups differ
  std::optional<std::size_t> baseline = std::nullopt;  ///< the first row that ratios are to
  bool compares_buffers = false;                       ///< some row names its --notify
  std::vector<EnoughBuffers> enough_buffers = {};

  [[nodiscard]] const Row* baseline_row() const { return baseline ? &rows[*baseline] : nullptr; }
  [[nodiscard]] const Row* baseline_of(const Row& row) const {
    return row.baseline ? &rows[*row.baseline] : nullptr;
  }
  /// The group has a baseline, but it was not measured with the batch of this row.
  [[nodiscard]] bool lacks_baseline(const Row& row) const {
    return baseline && !row.baseline && !sends_nothing(row.the_case);
  }
};

/// Groups and rows of one purpose, in the order of the plan; cases that were not planned follow in
/// the order of the samples. Without titles and baselines.
std::vector<Group> arrange(const Plan& plan, const std::vector<Sample>& samples, Purpose purpose);

/// Gives each group and row the row that ratios are to: the first with a valid sample that sends,
/// of the mode or variant `baseline` unless that is empty; and for each row the one of that variant
/// with the same batch. A row has none where that was not measured: a ratio across batches would
/// credit a path with what batching does, for whatever path.
void choose_baselines(std::vector<Group>& groups, const std::string& baseline);

/// Buffers of a group whose rows differ in --notify (src/analysis/buffers.cpp).
void judge_buffers(Group& group);

/// One metric over the valid samples of a row that have it.
struct Spread {
  double median = 0;
  double min = 0;
  double max = 0;
  double running = 1;  ///< the least share of a window during which it was counted
  std::size_t count = 0;
};

/// nullopt when no sample has it.
std::optional<Spread> spread_of(const Row& row, Metric metric);
std::vector<double> values_of(const Row& row, Metric metric);

/// The median of a metric with its interval; nullopt for fewer than two repetitions.
std::optional<stats::Interval> interval_of(const Row& row, Metric metric);
/// The same of the message rate.
std::optional<stats::Interval> rate_of(const Row& row);

/// The two levels that its message rates lie at; nullopt where there is one.
std::optional<stats::TwoLevels> levels_of(const Row& row);

/// The merit over the baseline's: within blocks where there are some, else of the medians.
std::optional<double> ratio_to(const Row& row, const Row* baseline);

/// One value per block of each side, a[i] and b[i] of the same block: what a paired comparison
/// takes.
struct Paired {
  std::vector<double> a;
  std::vector<double> b;
};

/// The blocks in which both rows have a valid sample with the metric, in ascending order.
Paired paired_values(const Row& a, const Row& b, Metric metric);

/// The median ratio a / b within blocks; nullopt for fewer than two common ones.
std::optional<stats::Interval> ratio_of(const Row& a, const Row& b, Metric metric);

/// The share of copied, or of unreported, sends that a row may have and still be called zero-copy
/// (honesty rule 2).
inline constexpr double kMostNotReal = 0.01;

/// Operations of a case that may be away with the kernel at once, by --notify.
std::uint64_t buffers_of(const Case& the_case);

/// Over the valid samples of a row.
ZeroCopyCounts zero_copy_of(const Row& row);

/// The number of sends whose release was counted: `sends` may be ahead of them while notifications
/// are under way.
double released(const ZeroCopyCounts& counts);

/// More than kMostNotReal was copied.
bool was_copied(const ZeroCopyCounts& counts);

/// The same, and not for the one cause that is no copying.
bool was_really_copied(const ZeroCopyCounts& counts);

/// Marks of the row's valid samples, with how many carry each.
std::map<std::string, std::size_t> marks_of(const Row& row);

/// How cases are told apart in heads and titles: which factors they have alike, and which not.
class Titles {
 public:
  /// `cases` outlive the titles.
  explicit Titles(const std::vector<const Case*>& cases);

  /// A factor that all cases which have it have alike; size and clients are never among them.
  struct Shared {
    const Factor* factor = nullptr;
    const Case* example = nullptr;  ///< the first case that has it
    std::string text;               ///< "window 1 s"
  };
  [[nodiscard]] const std::vector<Shared>& shared() const { return shared_; }

  enum class Size { named, left_out };
  /// "size 4K, 1 client, over sink": what tells this case from the others.
  [[nodiscard]] std::string of(const Case& the_case, Size size = Size::named) const;

 private:
  std::vector<Shared> shared_;
  std::vector<const Factor*> differing_;
};

/// The first case of every group.
std::vector<const Case*> cases_of(const std::vector<Group>& groups);

}  // namespace ub::analysis
