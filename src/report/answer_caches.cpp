// Answers about caches: they need a performance monitoring unit.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "answer_parts.hpp"
#include "judge.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/model/factor.hpp"

namespace ub::report {
namespace {

constexpr std::size_t kMostNamed = 6;

Reading misses_per_byte(const Sample& sample, const char* name) {
  Reading misses = server_counter(sample, name);
  const auto* counted = std::get_if<Counted>(&misses);
  if (counted == nullptr) return misses;
  if (sample.bytes == 0) return Unavailable{"no bytes arrived"};
  return Counted{counted->value / static_cast<double>(sample.bytes), counted->running};
}

Reading l1_misses(const Sample& sample) {
  return misses_per_byte(sample, "l1d_misses");
}

Reading llc_misses(const Sample& sample) {
  return misses_per_byte(sample, "llc_misses");
}

/// Why the study has no misses; empty when it has some.
std::string why_no_misses(const Evidence& evidence) {
  std::string reason = "no sample is valid";
  for (const Sample& sample : evidence.samples) {
    if (sample.status != Status::valid || sends_nothing(sample.the_case)) continue;
    for (const Metric metric : {l1_misses, llc_misses}) {
      const Reading reading = metric(sample);
      if (std::holds_alternative<Counted>(reading)) return "";
      reason = std::get<Unavailable>(reading).reason;
    }
  }
  return reason;
}

std::string cannot(const std::string& reason) {
  return fmt::format(
      "Cannot be answered from this study: cache misses are unavailable ({}). The same command on "
      "a machine with a PMU, bare metal or a VM that has a virtual one, would answer it.",
      reason);
}

std::optional<stats::Interval> ratio_of(const Row& a, const Row& b, Metric metric) {
  const Paired values = paired_values(a, b, metric);
  return stats::paired_ratio(values.a, values.b);
}

std::string where_text(const Case& c) {
  return fmt::format("{}, {} client{}", format_size(c.size_bytes), c.clients,
                     c.clients == 1 ? "" : "s");
}

struct Change {
  double size = 0;    ///< of the logarithm
  std::string whose;  ///< mode and cache level: of each only the largest is told
  std::string text;
};

void add_change(std::vector<Change>& changes, const Row& row, const Row& base, Metric metric,
                const char* level) {
  const auto ratio = ratio_of(row, base, metric);
  if (!ratio) return;
  changes.push_back(
      {std::fabs(std::log(ratio->value)), variant_name(row.the_case) + level,
       fmt::format("{} misses a byte at {}: {} against {} {}", level, where_text(row.the_case),
                   variant_name(row.the_case), variant_name(base.the_case), ratio_text(*ratio))});
}

std::vector<Change> cache_changes(const Evidence& evidence) {
  std::vector<Change> changes;
  for (const Block& block : evidence.blocks) {
    const Row* base = baseline_of(block, "");
    if (base == nullptr) continue;
    for (const Row& row : block.rows) {
      if (&row == base || row.valid.empty() || sends_nothing(row.the_case)) continue;
      add_change(changes, row, *base, l1_misses, "L1d");
      add_change(changes, row, *base, llc_misses, "LLC");
    }
  }
  std::stable_sort(changes.begin(), changes.end(),
                   [](const Change& a, const Change& b) { return a.size > b.size; });
  std::vector<Change> largest;
  for (Change& change : changes) {
    const bool told = std::any_of(largest.begin(), largest.end(),
                                  [&](const Change& each) { return each.whose == change.whose; });
    if (!told) largest.push_back(std::move(change));
  }
  return largest;
}

/// The same case with the fewest and with the most clients.
struct Crowding {
  const Row* few = nullptr;
  const Row* many = nullptr;
};

std::vector<Crowding> crowdings_of(const Evidence& evidence) {
  std::vector<Crowding> found;
  const auto alike = [](Case a, const Case& b) {
    a.clients = b.clients;
    return a == b;
  };
  for (const Block& block : evidence.blocks) {
    for (const Row& row : block.rows) {
      if (row.valid.empty() || sends_nothing(row.the_case)) continue;
      auto known = std::find_if(found.begin(), found.end(), [&](const Crowding& each) {
        return alike(each.few->the_case, row.the_case);
      });
      if (known == found.end()) {
        found.push_back({&row, &row});
        continue;
      }
      if (row.the_case.clients < known->few->the_case.clients) known->few = &row;
      if (row.the_case.clients > known->many->the_case.clients) known->many = &row;
    }
  }
  std::erase_if(found, [](const Crowding& each) { return each.few == each.many; });
  return found;
}

/// By how much the throughput of all clients together changed.
double change_of(const Crowding& each) {
  const auto rate = ratio_of(*each.many, *each.few, message_rate);
  return rate ? std::fabs(std::log(rate->value)) : 0;
}

std::string crowding_text(const Crowding& each) {
  std::string text =
      fmt::format("{} at {}, {} clients against {}:", variant_name(each.many->the_case),
                  format_size(each.many->the_case.size_bytes), each.many->the_case.clients,
                  each.few->the_case.clients);
  if (const auto rate = ratio_of(*each.many, *each.few, message_rate)) {
    text += " throughput " + ratio_text(*rate);
  }
  if (const auto cpu = ratio_of(*each.many, *each.few, server_ns_per_byte)) {
    text += ", server CPU a byte " + ratio_text(*cpu);
  }
  if (const auto llc = ratio_of(*each.many, *each.few, llc_misses)) {
    text += ", LLC misses a byte " + ratio_text(*llc);
  }
  return text;
}

}  // namespace

Answer which_cache_level(const Evidence& evidence) {
  if (const std::string reason = why_no_misses(evidence); !reason.empty()) return {cannot(reason)};
  const std::vector<Change> changes = cache_changes(evidence);
  if (changes.empty()) {
    return {
        "Cannot be answered from this study: it has no two modes with misses in two common "
        "repetitions. bench/sweep.sh classic has."};
  }
  Answer answer{"The largest changes first, as ratios within blocks:"};
  for (std::size_t i = 0; i < std::min(changes.size(), kMostNamed); ++i) {
    answer.push_back(changes[i].text);
  }
  return answer;
}

Answer clients_and_contention(const Evidence& evidence) {
  std::vector<Crowding> crowdings = crowdings_of(evidence);
  if (crowdings.empty()) {
    return {
        "Cannot be answered from this study: every case has one number of clients. "
        "bench/sweep.sh classic varies it."};
  }
  std::stable_sort(crowdings.begin(), crowdings.end(), [](const Crowding& a, const Crowding& b) {
    return change_of(a) > change_of(b);
  });
  Answer answer;
  for (std::size_t i = 0; i < std::min(crowdings.size(), kMostNamed); ++i) {
    answer.push_back(crowding_text(crowdings[i]));
  }
  if (crowdings.size() > kMostNamed) {
    answer.push_back(fmt::format("({} more changed less; results.csv holds all)",
                                 crowdings.size() - kMostNamed));
  }
  if (const std::string reason = why_no_misses(evidence); !reason.empty()) {
    answer.push_back("Whether the caches are the cause cannot be said: " + cannot(reason));
  }
  return answer;
}

}  // namespace ub::report
