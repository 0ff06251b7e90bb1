// What the two-term model explains least.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "answer_parts.hpp"
#include "cost_arms.hpp"
#include "judge.hpp"
#include "numbers.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/model/factor.hpp"
#include "uringbench/stats/interval.hpp"

namespace ub::report {
namespace {

constexpr std::size_t kFewestSizes = 4;  // with fewer, residuals mean nothing (two_term_model.hpp)

struct Surprise {
  const CrossoverGroup* group = nullptr;
  const ModeModel* mode = nullptr;
};

Surprise largest(const Evidence& evidence) {
  Surprise found;
  double most = 0;
  for (const CrossoverGroup& group : evidence.crossovers) {
    for (const ModeModel& each : group.models) {
      const double residual = std::fabs(each.model.worst.relative);
      if (each.sizes < kFewestSizes || residual <= most) continue;
      most = residual;
      found = {&group, &each};
    }
  }
  return found;
}

const Row* row_of(const Evidence& evidence, const Surprise& surprise) {
  for (const Block& block : evidence.blocks) {
    for (const Row& row : block.rows) {
      const std::string name = variant_name(row.the_case);
      const std::string& sought = surprise.mode->mode;
      const bool mode = sought == name || sought.starts_with(name + " ");
      const bool size = row.the_case.size_bytes == surprise.mode->model.worst.size_bytes;
      const bool clients = row.the_case.clients == surprise.group->example.clients;
      if (mode && size && clients && !row.valid.empty()) return &row;
    }
  }
  return nullptr;
}

/// The residual again, with the interval that the repetitions give it.
std::string claim(const Surprise& surprise, const Row& row) {
  const stats::TwoTermModel& model = surprise.mode->model;
  const double predicted =
      model.fixed + model.per_byte * static_cast<double>(model.worst.size_bytes);
  std::vector<double> costs;
  for (const Sample& sample : row.valid) {
    costs.push_back(value_or(cost_of(sample, surprise.group->objective), 0) / predicted);
  }
  const auto ratio = stats::median_interval(costs);
  return fmt::format(
      "{} at {}, {} client{}, by {}: the two-term model says {} ns a message, measured is {} of "
      "that ({:+.1f}% of what was measured).",
      surprise.mode->mode, format_size(model.worst.size_bytes), row.the_case.clients,
      row.the_case.clients == 1 ? "" : "s", to_text(surprise.group->objective),
      short_number(predicted), ratio ? ratio_text(*ratio) : "one repetition",
      model.worst.relative * 100);
}

void add_figure(std::string& text, std::string_view name, const Row& row, Metric metric) {
  const auto spread = spread_of(row, metric);
  if (spread)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, short_number(spread->median));
}

Reading user_share(const Sample& sample) {
  if (sample.server.cpu_ns == 0) return Unavailable{"no CPU time"};
  return Counted{static_cast<double>(sample.server.user_ns) /
                 static_cast<double>(sample.server.cpu_ns)};
}

Reading short_share(const Sample& sample) {
  if (sample.sends.operations == 0) return Unavailable{"no send was begun"};
  return Counted{static_cast<double>(sample.sends.short_sends) /
                 static_cast<double>(sample.sends.operations)};
}

/// The books of that case: where its time and its calls went.
std::string ledger(const Row& row) {
  std::string text;
  add_figure(text, "server CPU ns a message", row, server_ns_per_message);
  add_figure(text, "share of it in user space", row, user_share);
  add_figure(text, "share of a client core", row, client_share);
  add_figure(text, "system calls an operation", row, system_calls_per_operation);
  add_figure(text, "short sends an operation", row, short_share);
  add_figure(text, "cycles a byte", row, cycles_per_byte);
  return fmt::format(
      "Its ledger: {}. Where the CPU time goes inside the kernel: uringbench explain --mode {} "
      "--size {}",
      text, mode_name(row.the_case), format_size(row.the_case.size_bytes));
}

}  // namespace

Answer most_unexpected(const Evidence& evidence) {
  const Surprise surprise = largest(evidence);
  const Row* row = surprise.mode == nullptr ? nullptr : row_of(evidence, surprise);
  if (row == nullptr) {
    return {
        fmt::format("Cannot be answered from this study: no mode was measured at {} sizes or "
                    "more, beside another. bench/sweep.sh crossover has 15.",
                    kFewestSizes)};
  }
  return {claim(surprise, *row), ledger(*row)};
}

}  // namespace ub::report
