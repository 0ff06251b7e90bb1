#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "uringbench/model/category.hpp"

namespace ub::perf {

/// The kinds of lines of categories.rules, whose head explains them.
enum class RuleKind { boundary, override, frame, near, user };

/// Whose presence a pattern asks for besides its own: none, the direct caller, any caller.
enum class RuleContext { none, in, under };

/// One pattern of one line.
struct CategoryRule {
  RuleKind kind = RuleKind::frame;
  Category category = Category::unclassified;
  std::string pattern;  ///< glob(7) over a function's name
  RuleContext context = RuleContext::none;
  std::string caller;  ///< glob for the context
};

/// Throws UsageError with the line's number and what is wrong with it.
std::vector<CategoryRule> parse_category_rules(std::string_view text);

/// src/perf/categories.rules, embedded when the program was built.
std::string_view embedded_category_rules();

}  // namespace ub::perf
