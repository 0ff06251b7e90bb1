// The product of the values of all factors: the one place where lists multiply.
#include "product.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "size_range.hpp"
#include "uringbench/base/closest.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/plan/builder.hpp"
#include "uringbench/receive/registry.hpp"

namespace ub::plan {
namespace {

/// "4096" and "4K" are one value.
std::string canonical(const Factor& factor, const std::string& typed) {
  const std::vector<std::string> accepted = accepted_values(factor);
  if (factor.values.empty() && !accepted.empty() &&
      std::find(accepted.begin(), accepted.end(), typed) == accepted.end()) {
    throw UsageError(fmt::format("--{}: '{}' is not one of {}{}", factor.option, typed,
                                 fmt::join(accepted, ", "), did_you_mean(typed, accepted)));
  }
  Case scratch;
  factor.parse(scratch, typed);
  return factor.print(scratch);
}

Choice choice_of(const Factor& factor, const std::vector<std::string>& typed) {
  if (typed.empty()) {
    throw UsageError(fmt::format("--{}: needs at least one value, such as {}", factor.option,
                                 factor.example_value));
  }
  if (!factor.takes_list() && typed.size() > 1) {
    throw UsageError(
        fmt::format("--{}: takes one value: a study measures all its cases alike", factor.option));
  }
  Choice choice{&factor, {}};
  std::set<std::string> seen;
  for (const std::string& each : with_ranges(factor, typed)) {
    choice.values.push_back(canonical(factor, each));
    if (seen.insert(choice.values.back()).second) continue;
    throw UsageError(
        fmt::format("--{}: '{}' is named twice; name each value once", factor.option, each));
  }
  return choice;
}

void add_default(Choice& choice, const Factor& factor) {
  choice.factor = &factor;
  choice.values = split_list(factor.default_value);
}

}  // namespace

std::vector<std::string> accepted_values(const Factor& factor) {
  if (!factor.values.empty() || factor.key != "receive") return factor.values;
  std::vector<std::string> names;
  for (const receive::Descriptor& path : receive::registry()) names.emplace_back(path.name);
  return names;
}

std::vector<Choice> choices_of(const AskedFactors& asked) {
  for (const auto& [option, values] : asked) {
    if (find_factor(option) == nullptr) {
      throw UsageError(fmt::format("--{}: is not a factor of a study", option));
    }
  }
  std::vector<Choice> choices;
  for (const Factor& factor : factors()) {
    const auto typed = asked.find(factor.option);
    if (typed != asked.end() && !factor.option.empty()) {
      choices.push_back(choice_of(factor, typed->second));
    } else if (!factor.default_value.empty()) {
      add_default(choices.emplace_back(), factor);
    }
  }
  std::stable_sort(choices.begin(), choices.end(), [](const Choice& left, const Choice& right) {
    return left.factor->varies < right.factor->varies;
  });
  return choices;
}

std::vector<Case> product_of(const std::vector<Choice>& choices, std::size_t most) {
  std::vector<Case> cases(1);
  for (const Choice& choice : choices) {
    std::vector<Case> product;
    if (cases.size() * choice.values.size() > most) {
      throw UsageError(
          fmt::format("--{}: these lists make more than {} cases; a study has at most that many, "
                      "so name fewer values",
                      choice.factor->option, most));
    }
    product.reserve(cases.size() * choice.values.size());
    for (const Case& each : cases) {
      for (const std::string& value : choice.values) {
        choice.factor->parse(product.emplace_back(each), value);
      }
    }
    cases = std::move(product);
  }
  return cases;
}

}  // namespace ub::plan
