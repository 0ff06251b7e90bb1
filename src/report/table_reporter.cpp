#include <algorithm>
#include <utility>

#include "block.hpp"
#include "buffers.hpp"
#include "finding.hpp"
#include "harness.hpp"
#include "head.hpp"
#include "judge.hpp"
#include "notes.hpp"
#include "style.hpp"
#include "uringbench/report/crossovers.hpp"
#include "uringbench/report/reporter.hpp"
#include "verdict_notes.hpp"
#include "wrap.hpp"
#include "write.hpp"

namespace ub::report {
namespace {

/// A study that ends when it knows enough has as many blocks as it took.
std::uint32_t blocks_in(const std::vector<Sample>& samples) {
  std::uint32_t blocks = 1;
  for (const Sample& sample : samples) blocks = std::max(blocks, sample.block + 1);
  return blocks;
}

}  // namespace

TableReporter::TableReporter(std::ostream& out, TableOptions options)
    : out_(out), options_(std::move(options)) {}

void TableReporter::begin(const Environment& environment, const Plan& plan) {
  environment_ = environment;
  plan_ = plan;
  samples_.clear();
}

void TableReporter::sample(const Sample& sample) {
  samples_.push_back(sample);
}

void TableReporter::end() {
  if (plan_.until) plan_.reps = blocks_in(samples_);
  std::vector<Block> blocks =
      arrange(part_of(plan_, Purpose::comparison), part_of(samples_, Purpose::comparison));
  const NoiseArm noise(samples_, message_rate);
  judge(blocks, {.baseline = options_.baseline, .noise = noise});
  BlockOptions options{.shape = shape_of(blocks),
                       .title = "",
                       .baseline = options_.baseline,
                       .reps = plan_.reps,
                       .colour = options_.colour};
  std::string text;
  if (!options_.build_warning.empty()) {
    text +=
        styled(paragraph("WARNING: " + options_.build_warning), Style::warning, options_.colour);
  }
  const std::vector<CrossoverGroup> crossovers = find_crossovers(samples_);
  const std::string finding = zero_copy_finding(samples_, crossovers);
  if (!finding.empty()) text += finding + '\n';
  text += table_head(environment_, plan_, blocks);
  for (const Block& block : blocks) {
    options.title = block_title(block, blocks);
    text += '\n' + render_block(block, options) + render_buffers(block);
  }
  if (!crossovers.empty()) text += '\n' + crossover_text(crossovers);
  const std::string harness = harness_footer(plan_, samples_);
  if (!harness.empty()) text += '\n' + harness;
  std::vector<std::string> notes = verdict_notes(blocks, noise);
  for (std::string& note : notes_of(blocks, options)) notes.push_back(std::move(note));
  if (const std::string drift = drift_text(samples_); !drift.empty()) notes.push_back(drift);
  if (!notes.empty()) text += '\n';
  for (const std::string& note : notes) text += paragraph(note, {.first = 0, .rest = 2});
  write(out_, text);
}

}  // namespace ub::report
