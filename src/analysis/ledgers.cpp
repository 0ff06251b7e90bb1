#include "uringbench/analysis/ledgers.hpp"

#include <algorithm>

namespace ub::analysis {
namespace {

CaseLedger ledger_of(const Row& row) {
  CaseLedger ledger{row.the_case, role_costs(row.valid, &Sample::server),
                    role_costs(row.valid, &Sample::client)};
  ledger.the_case.purpose = Purpose::comparison;  // whose case it explains
  if (row.valid.empty() && !row.failures.empty()) {
    const Failure& first = row.failures.front();
    ledger.server.missing = first.status + ": " + first.reason;
    ledger.client.missing = ledger.server.missing;
  }
  return ledger;
}

bool has_profile(const CaseLedger& ledger) {
  return ledger.server.missing.empty();
}

std::vector<LedgerPair> pairs_of(const std::vector<CaseLedger>& cases) {
  std::vector<std::size_t> known;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (has_profile(cases[i])) known.push_back(i);
  }
  const std::size_t firsts = known.size() > kMostPairedCases ? 1 : known.size();
  std::vector<LedgerPair> pairs;
  for (std::size_t i = 0; i < firsts; ++i) {
    for (std::size_t j = i + 1; j < known.size(); ++j) {
      const CaseLedger& a = cases[known[i]];
      const CaseLedger& b = cases[known[j]];
      pairs.push_back(
          {known[i], known[j], differences(a.server, b.server), differences(a.client, b.client)});
    }
  }
  return pairs;
}

}  // namespace

std::vector<LedgerGroup> ledgers_of(const std::vector<Group>& profiled, const Titles& titles) {
  std::vector<LedgerGroup> ledgers;
  for (const Group& group : profiled) {
    LedgerGroup each;
    each.title = titles.of(group.rows.front().the_case);
    for (const Row& row : group.rows) {
      if (!sends_nothing(row.the_case)) each.cases.push_back(ledger_of(row));
    }
    each.pairs = pairs_of(each.cases);
    if (!each.cases.empty()) ledgers.push_back(std::move(each));
  }
  return ledgers;
}

}  // namespace ub::analysis
