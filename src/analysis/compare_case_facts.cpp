// What the compared studies say of facts: also where no speed can be compared.
#include <algorithm>
#include <unordered_map>

#include "compare_facts.hpp"
#include "uringbench/model/factor.hpp"
#include "uringbench/model/speed_trust.hpp"

namespace ub::analysis {
namespace {

/// A case in all studies of one side, as if they were one.
struct Sides {
  Row a;
  Row b;
  bool in_a = false;
  bool in_b = false;
  std::string title;
};

void append(Row& to, const Row& from) {
  to.valid.insert(to.valid.end(), from.valid.begin(), from.valid.end());
  to.failures.insert(to.failures.end(), from.failures.begin(), from.failures.end());
}

/// The cases of all studies, in the order in which they are met.
class Cases {
 public:
  enum class Side { a, b };

  void add(const StudyData& study, Side side) {
    const std::vector<Group> groups = arrange(study.plan, study.samples, Purpose::comparison);
    const Titles titles(cases_of(groups));
    for (const Group& group : groups) {
      for (const Row& row : group.rows) {
        Sides& sides = sides_of(row.the_case, titles);
        (side == Side::a ? sides.in_a : sides.in_b) = true;
        append(side == Side::a ? sides.a : sides.b, row);
      }
    }
  }

  [[nodiscard]] const std::vector<Sides>& all() const { return all_; }

 private:
  Sides& sides_of(const Case& the_case, const Titles& titles) {
    const auto [found, is_new] = by_case_.try_emplace(with_default_settings(the_case), all_.size());
    if (is_new) {
      Sides sides;
      sides.a.the_case = sides.b.the_case = the_case;
      sides.title = titles.of(the_case);
      all_.push_back(std::move(sides));
    }
    return all_[found->second];
  }

  std::unordered_map<Case, std::size_t, CaseHash> by_case_;
  std::vector<Sides> all_;
};

void add_reasons(std::vector<std::string>& reasons, const char* side, const StudyData& study) {
  for (const std::string& reason : why_facts_only(study.environment)) {
    std::string text = std::string(side) + ": " + reason;
    if (std::find(reasons.begin(), reasons.end(), text) == reasons.end()) {
      reasons.push_back(std::move(text));
    }
  }
}

}  // namespace

FactComparison compare_case_facts(const std::vector<StudyPair>& pairs) {
  FactComparison result;
  Cases cases;
  for (const StudyPair& pair : pairs) {
    add_reasons(result.no_speed, "A", *pair.a);
    add_reasons(result.no_speed, "B", *pair.b);
    cases.add(*pair.a, Cases::Side::a);
    cases.add(*pair.b, Cases::Side::b);
  }
  for (const Sides& each : cases.all()) {
    if (!each.in_a || !each.in_b) continue;
    const auto changes = changes_of(facts_of(each.a), facts_of(each.b), each.title);
    result.changes.insert(result.changes.end(), changes.begin(), changes.end());
    if ((!each.a.valid.empty() && !each.b.valid.empty()) || !changes.empty()) ++result.cases;
  }
  return result;
}

}  // namespace ub::analysis
