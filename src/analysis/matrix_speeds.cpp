// Who is fastest where, and where one way overtakes another, in every study of a matrix.
#include <algorithm>
#include <unordered_map>

#include "matrix.hpp"
#include "uringbench/model/factor.hpp"

namespace ub::analysis {
namespace {

/// What a place has in common in all studies.
Case place_key(const Case& the_case) {
  Case key = with_default_settings(with_default_variants(the_case));
  key.batch = the_case.batch;
  return key;
}

const Group* group_of(const Analysis& analysis, const Case& key) {
  for (const Group& group : analysis.groups) {
    Case own = with_default_settings(with_default_variants(group.rows.front().the_case));
    own.batch = key.batch;
    if (own == key) return &group;
  }
  return nullptr;
}

const Leaders* leaders_at(const Analysis& analysis, const Case& key) {
  // At a fixed arrival rate a place has its leaders by latency.
  for (const auto* all : {&analysis.leaders, &analysis.load_leaders}) {
    const auto found = std::find_if(all->begin(), all->end(), [&](const Leaders& each) {
      return place_key(each.example) == key;
    });
    if (found != all->end()) return &*found;
  }
  return nullptr;
}

std::string why_no_leader(const MatrixPart& part, const Case& key) {
  if (!part.analysis.facts_only.empty()) return "facts only";
  const Group* group = group_of(part.analysis, key);
  if (group == nullptr) return "not in its plan";
  for (const Row& row : group->rows) {
    if (row.valid.empty()) {
      const Failure failure = outcome_of(row);
      return failure.reason.empty() ? failure.status : failure.status + ": " + failure.reason;
    }
  }
  return "no two ways were measured twice";
}

MatrixWinner winner_of(const MatrixPart& part, const Case& key) {
  MatrixWinner winner;
  const Leaders* leaders = leaders_at(part.analysis, key);
  if (leaders == nullptr) {
    winner.unknown = why_no_leader(part, key);
    return winner;
  }
  winner.leaders = leaders->names;
  const Group* group = group_of(part.analysis, key);
  if (group == nullptr) return winner;
  for (const Row& row : group->rows) {
    if (row.the_case.batch != key.batch || variant_name(row.the_case) != winner.leaders.front()) {
      continue;
    }
    if (const Row* baseline = group->baseline_of(row)) {
      winner.baseline = variant_name(baseline->the_case);
    }
    if (row.against_baseline) winner.over_baseline = row.against_baseline->ratio;
  }
  return winner;
}

/// Every place of every study, in the order in which they are met.
std::vector<std::pair<Case, std::string>> all_places(const std::vector<MatrixPart>& parts) {
  std::vector<std::pair<Case, std::string>> places;
  std::unordered_map<Case, bool, CaseHash> known;
  for (const MatrixPart& part : parts) {
    for (const Group& group : part.analysis.groups) {
      for (const Row& row : group.rows) {
        if (sends_nothing(row.the_case)) continue;
        const Case key = place_key(row.the_case);
        if (known.try_emplace(key, true).second) places.emplace_back(key, group.title);
      }
    }
  }
  return places;
}

/// The curve that a crossover is of.
Case curve_key(const Case& the_case) {
  Case key = with_default_settings(with_default_variants(the_case));
  key.batch = the_case.batch;
  key.size_bytes = Case().size_bytes;
  key.working_set_bytes = Case().working_set_bytes;
  return key;
}

const stats::Crossover* crossover_of(const Analysis& analysis, const CrossoverGroup& wanted,
                                     const PairCrossover& pair) {
  for (const CrossoverGroup& group : analysis.crossovers) {
    if (group.objective != wanted.objective) continue;
    if (curve_key(group.example) != curve_key(wanted.example)) continue;
    for (const PairCrossover& each : group.pairs) {
      if (each.a == pair.a && each.b == pair.b) return &each.found;
    }
  }
  return nullptr;
}

bool is_known(const std::vector<MatrixThreshold>& all, const CrossoverGroup& group,
              const PairCrossover& pair) {
  return std::any_of(all.begin(), all.end(), [&](const MatrixThreshold& each) {
    return each.objective == group.objective && each.title == group.title && each.a == pair.a &&
           each.b == pair.b;
  });
}

const CaseLedger* ledger_of(const Analysis& analysis, const std::string& title,
                            const std::string& mode) {
  for (const LedgerGroup& group : analysis.ledgers) {
    if (group.title != title) continue;
    for (const CaseLedger& each : group.cases) {
      if (variant_name(each.the_case) == mode) return &each;
    }
  }
  return nullptr;
}

/// B - A of the server by cause, of what is larger than its error.
std::vector<CategoryDifference> causes_of(const Analysis& a, const Analysis& b,
                                          const ComparedCase& compared) {
  const CaseLedger* before = ledger_of(a, compared.title, compared.mode);
  const CaseLedger* after = ledger_of(b, compared.title, compared.mode);
  if (before == nullptr || after == nullptr) return {};
  if (!before->server.missing.empty() || !after->server.missing.empty()) return {};
  std::vector<CategoryDifference> causes = differences(before->server, after->server);
  std::erase_if(causes, [](const CategoryDifference& each) { return !each.shown(); });
  return causes;
}

}  // namespace

std::vector<MatrixPlace> matrix_places(const std::vector<MatrixPart>& parts) {
  std::vector<MatrixPlace> all;
  for (const auto& [key, title] : all_places(parts)) {
    MatrixPlace place{title, key.size_bytes, key.batch, {}};
    for (const MatrixPart& part : parts) place.studies.push_back(winner_of(part, key));
    all.push_back(std::move(place));
  }
  return all;
}

std::vector<MatrixThreshold> matrix_thresholds(const std::vector<MatrixPart>& parts) {
  std::vector<MatrixThreshold> all;
  for (const MatrixPart& part : parts) {
    for (const CrossoverGroup& group : part.analysis.crossovers) {
      for (const PairCrossover& pair : group.pairs) {
        if (pair.found.crossings.empty() || is_known(all, group, pair)) continue;
        MatrixThreshold threshold{group.objective, group.title, pair.a, pair.b, {}};
        for (const MatrixPart& each : parts) {
          const stats::Crossover* found = crossover_of(each.analysis, group, pair);
          threshold.studies.push_back(found == nullptr ? std::nullopt : std::optional(*found));
        }
        all.push_back(std::move(threshold));
      }
    }
  }
  return all;
}

std::vector<MatrixSpeedChange> matrix_speed_changes(const std::vector<MatrixPart>& parts,
                                                    const std::vector<MatrixStudy>& studies) {
  std::vector<MatrixSpeedChange> all;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (!studies[i].apart.empty()) continue;
    const StudyComparison comparison = compare_studies({{parts.front().study, parts[i].study}});
    // Two studies of one kernel differ, too: without a noise floor of both nothing is claimed.
    if (!comparison.noise_a.floor(comparison.blocks)) continue;
    if (!comparison.noise_b.floor(comparison.blocks)) continue;
    for (const ComparedCase& each : comparison.cases) {
      const bool differs = each.result.verdict == stats::Verdict::faster ||
                           each.result.verdict == stats::Verdict::slower;
      if (!differs) continue;
      all.push_back({i, each, causes_of(parts.front().analysis, parts[i].analysis, each)});
    }
  }
  return all;
}

}  // namespace ub::analysis
