// In what the environments of the compared studies differ, and what nobody knows of them.
#include "compare_facts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace ub::analysis {
namespace {

/// Stands for a fact that a study did not record.
constexpr const char* kNotRecorded = "not recorded";

/// How a fact begins that the machine did not tell.
constexpr std::string_view kUnknown = "unavailable:";

/// Never alike and no property of the machine.
constexpr std::string_view kLoad = "load_average";

std::string fact_of(const Facts& facts, const std::string& name) {
  const auto found = facts.find(name);
  return found == facts.end() ? kNotRecorded : found->second;
}

std::vector<std::string> items_of(const std::string& fact) {
  constexpr std::string_view kSeparator = "; ";
  std::vector<std::string> items;
  std::size_t begin = 0;
  for (std::size_t end = fact.find(kSeparator); end != std::string::npos;
       end = fact.find(kSeparator, begin)) {
    items.push_back(fact.substr(begin, end - begin));
    begin = end + kSeparator.size();
  }
  items.push_back(fact.substr(begin));
  return items;
}

/// Where a fact is a list ("meltdown: Not affected; retbleed: Vulnerable"), the items that the
/// other has not: all of them would hide the one that counts.
std::string own_items(const std::string& fact, const std::string& other) {
  const std::vector<std::string> others = items_of(other);
  std::vector<std::string> own;
  for (const std::string& item : items_of(fact)) {
    if (std::find(others.begin(), others.end(), item) == others.end()) own.push_back(item);
  }
  return own.empty() ? "-" : fmt::format("{}", fmt::join(own, "; "));
}

using Values = std::set<std::string>;

FactDifference difference_of(const std::string& name, const Values& a, const Values& b) {
  if (a.size() == 1 && b.size() == 1) {
    return {name, own_items(*a.begin(), *b.begin()), own_items(*b.begin(), *a.begin())};
  }
  return {name, fmt::format("{}", fmt::join(a, " or ")), fmt::format("{}", fmt::join(b, " or "))};
}

bool is_unknown(const Values& values) {
  return std::all_of(values.begin(), values.end(), [](const std::string& value) {
    return value.starts_with(kUnknown) || value == kNotRecorded;
  });
}

}  // namespace

ComparedFacts compare_facts(const std::vector<StudyPair>& pairs) {
  std::set<std::string> names;
  for (const StudyPair& pair : pairs) {
    for (const StudyData* study : {pair.a, pair.b}) {
      for (const auto& [name, text] : all_facts(study->environment)) names.insert(name);
    }
  }
  ComparedFacts result;
  for (const std::string& name : names) {
    if (name.ends_with(kLoad)) continue;
    Values a;
    Values b;
    for (const StudyPair& pair : pairs) {
      a.insert(fact_of(all_facts(pair.a->environment), name));
      b.insert(fact_of(all_facts(pair.b->environment), name));
    }
    if (is_unknown(a) && is_unknown(b)) {
      result.unknown.push_back(name);
    } else if (a != b || a.size() > 1) {
      result.differences.push_back(difference_of(name, a, b));
    }
  }
  return result;
}

}  // namespace ub::analysis
