#include "uringbench/perf/classifier.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "category_rules.hpp"

namespace ub::perf {
namespace {

using Frames = std::span<const std::string_view>;

/// The function's name as the source has it: without the compiler's suffix and the module's name.
std::string_view source_name(std::string_view symbol) {
  return symbol.substr(0, symbol.find_first_of(". "));
}

/// "near" rules look at the leaf and its caller only.
constexpr std::size_t kNearestDepths = 2;

bool matches(const std::string& pattern, std::string_view name) {
  return ::fnmatch(pattern.c_str(), std::string(name).c_str(), 0) == 0;
}

}  // namespace

/// The rules, with a memory of which ones each name matches: a profile has thousands of samples and
/// a few hundred names.
class Classifier::Rules {
 public:
  explicit Rules(std::string_view text) : rules_(parse_category_rules(text)) {}

  /// How deep the leaf-most boundary lies; the chain's length when it has none.
  std::size_t boundary_depth(Frames chain) {
    std::size_t depth = 0;
    while (depth < chain.size() && !decide(RuleKind::boundary, chain, depth)) ++depth;
    return depth;
  }

  std::optional<Category> place_kernel(Frames chain, std::size_t boundary) {
    for (std::size_t depth = 0; depth < boundary; ++depth) {
      if (const auto found = decide(RuleKind::override, chain, depth)) return found;
    }
    for (std::size_t depth = 0; depth < chain.size(); ++depth) {
      if (const auto found = decide(RuleKind::frame, chain, depth)) return found;
      if (depth >= kNearestDepths) continue;
      if (const auto found = decide(RuleKind::near, chain, depth)) return found;
    }
    return std::nullopt;
  }

  /// User functions are few and known by the leaf; the kernel's patterns are not for their names.
  [[nodiscard]] Category place_user(Frames chain) const {
    if (chain.empty()) return Category::unclassified;
    for (const CategoryRule& rule : rules_) {
      if (rule.kind == RuleKind::user && matches(rule.pattern, chain.front())) return rule.category;
    }
    return Category::user;
  }

 private:
  /// The first rule of `kind` that decides for the frame at `depth`.
  std::optional<Category> decide(RuleKind kind, Frames chain, std::size_t depth) {
    for (const CategoryRule* rule : rules_of(chain[depth])) {
      if (rule->kind == kind && context_holds(*rule, chain.subspan(depth + 1))) {
        return rule->category;
      }
    }
    return std::nullopt;
  }

  const std::vector<const CategoryRule*>& rules_of(std::string_view name) {
    const auto known = by_name_.find(name);
    if (known != by_name_.end()) return known->second;
    std::vector<const CategoryRule*> found;
    for (const CategoryRule& rule : rules_) {
      if (rule.kind != RuleKind::user && matches(rule.pattern, source_name(name)))
        found.push_back(&rule);
    }
    return by_name_.emplace(std::string(name), std::move(found)).first->second;
  }

  static bool context_holds(const CategoryRule& rule, Frames callers) {
    if (rule.context == RuleContext::none) return true;
    const Frames asked = rule.context == RuleContext::in
                             ? callers.first(std::min<std::size_t>(callers.size(), 1))
                             : callers;
    return std::any_of(asked.begin(), asked.end(), [&](std::string_view each) {
      return matches(rule.caller, source_name(each));
    });
  }

  std::vector<CategoryRule> rules_;
  std::map<std::string, std::vector<const CategoryRule*>, std::less<>> by_name_;
};

Classifier::Classifier(std::string_view rules) : rules_(std::make_unique<Rules>(rules)) {}
Classifier::Classifier() : Classifier(embedded_category_rules()) {}
Classifier::Classifier(Classifier&& other) noexcept = default;
Classifier& Classifier::operator=(Classifier&& other) noexcept = default;
Classifier::~Classifier() = default;

Placement Classifier::classify(const NamedChain& chain) {
  if (chain.kernel.empty()) return {rules_->place_user(chain.user), Context::task};
  const std::size_t boundary = rules_->boundary_depth(chain.kernel);
  const Context context = boundary < chain.kernel.size() ? Context::interrupt : Context::task;
  if (const auto found = rules_->place_kernel(chain.kernel, boundary)) return {*found, context};
  return {chain.idle_task ? Category::idle : Category::unclassified, context};
}

}  // namespace ub::perf
