#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "uringbench/analysis/analysis.hpp"
#include "uringbench/model/speed_trust.hpp"

namespace ub::analysis {
namespace {

/// A study that ends when it knows enough has as many blocks as it took.
std::uint32_t blocks_of(const StudyData& study) {
  if (!study.plan.until) return study.plan.reps;
  std::uint32_t blocks = 1;
  for (const Sample& sample : study.samples) blocks = std::max(blocks, sample.block + 1);
  return blocks;
}

/// Calls `take` with every row.
template <typename Take>
void for_each_row(const std::vector<Group>& groups, Take take) {
  for (const Group& group : groups) {
    for (const Row& row : group.rows) take(row);
  }
}

/// The one value of a fact that every sample agrees on; empty without one.
std::string agreed_fact(const std::vector<Group>& groups, const std::string& name) {
  std::optional<std::string> agreed;
  for_each_row(groups, [&](const Row& row) {
    for (const Sample* sample : row.valid) {
      const auto fact = sample->effective.find(name);
      const std::string value = fact == sample->effective.end() ? "" : fact->second;
      if (!agreed) agreed = value;
      if (*agreed != value) agreed = "";
    }
  });
  return agreed.value_or("");
}

/// The default of the system is a trap larger than most effects (bbr halves a stream), so name it.
std::string effective_text(const Titles::Shared& shared, const std::vector<Group>& groups) {
  if (shared.factor->key != "congestion" || !shared.example->congestion.empty()) return shared.text;
  const std::string effective = agreed_fact(groups, "server_congestion");
  return effective.empty() ? shared.text : fmt::format("{} ({})", shared.text, effective);
}

std::vector<std::string> shared_texts(const Titles& titles, const std::vector<Group>& groups) {
  std::vector<std::string> texts;
  if (groups.empty()) return texts;
  for (const Titles::Shared& each : titles.shared()) texts.push_back(effective_text(each, groups));
  const std::uint32_t batch = groups.front().rows.front().the_case.batch;
  bool one_batch = true;
  for_each_row(groups, [&](const Row& row) { one_batch &= row.the_case.batch == batch; });
  if (one_batch) texts.push_back(fmt::format("batch {}", batch));
  return texts;
}

/// What is said of speed.
void compare_speeds(Analysis& result, const StudyData& study) {
  StudyNoise noise(study.samples);
  result.noise = noise.of(Objective::throughput);
  choose_baselines(result.groups, result.baseline);
  judge(result.groups, noise);
  for (Group& group : result.groups) judge_buffers(group);
  const auto leaders = [&](Objective by) { return leaders_of(result.groups, noise.of(by), by); };
  result.leaders = leaders(Objective::throughput);
  result.load_leaders = leaders(Objective::latency_p99);
  result.cpu_leaders = leaders(Objective::cpu);
  result.drift = drift_of(study.samples);
  result.crossovers = find_crossovers(study.samples);
  result.finding = zero_copy_finding(result.crossovers);
  result.answers = answer(result.groups, result.crossovers);
  result.latency_curves = latency_curves_of(result.groups);
}

}  // namespace

StudyData study_of(record::Recording recording) {
  Plan plan = record::plan_of(recording);
  return {std::move(recording.environment), std::move(plan), std::move(recording.samples)};
}

Analysis analyse(const StudyData& study, const std::string& baseline) {
  Analysis result;
  result.reps = blocks_of(study);
  result.seed = study.plan.seed;
  result.baseline = baseline;
  result.facts_only = why_facts_only(study.environment);
  result.groups = arrange(study.plan, study.samples, Purpose::comparison);
  result.harness = arrange(study.plan, study.samples, Purpose::harness);
  const Titles titles(cases_of(result.groups));
  result.shared = shared_texts(titles, result.groups);
  for (Group& group : result.groups) group.title = titles.of(group.rows.front().the_case);
  result.ledgers = ledgers_of(arrange(study.plan, study.samples, Purpose::profile), titles);
  result.flames = flames_of(result.ledgers, study.stacks);
  if (result.facts_only.empty()) compare_speeds(result, study);
  return result;
}

Judged judged_of(const std::vector<Group>& groups) {
  Judged judged;
  for_each_row(groups, [&](const Row& row) {
    if (!row.against_baseline || !row.against_baseline->ratio) return;
    const stats::Comparison& result = *row.against_baseline;
    if (judged.verdicts == 0) judged.threshold = result.threshold;
    ++judged.verdicts;
    judged.blocks = std::max(judged.blocks, row.valid.size());
    judged.level = std::min(judged.level, result.ratio->level);
    if (result.verdict != stats::Verdict::undecided || !result.more_blocks) return;
    judged.least_more = judged.least_more == 0 ? *result.more_blocks
                                               : std::min(judged.least_more, *result.more_blocks);
    judged.most_more = std::max(judged.most_more, *result.more_blocks);
  });
  return judged;
}

}  // namespace ub::analysis
