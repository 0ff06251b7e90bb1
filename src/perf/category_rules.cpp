#include "category_rules.hpp"

#include <fmt/format.h>

#include <optional>

#include "procfs.hpp"
#include "uringbench/base/error.hpp"

namespace ub::perf {
namespace {

[[noreturn]] void refuse(int line, std::string_view what, std::string_view word) {
  throw UsageError(fmt::format("category rules, line {}: {} \"{}\"", line, what, word));
}

std::optional<RuleKind> kind_from_text(std::string_view word) {
  if (word == "boundary") return RuleKind::boundary;
  if (word == "override") return RuleKind::override;
  if (word == "frame") return RuleKind::frame;
  if (word == "near") return RuleKind::near;
  if (word == "user") return RuleKind::user;
  return std::nullopt;
}

std::optional<RuleContext> context_from_text(std::string_view word) {
  if (word == "in") return RuleContext::in;
  if (word == "under") return RuleContext::under;
  return std::nullopt;
}

CategoryRule parse_head(std::string_view& line, int number) {
  CategoryRule head;
  const std::string_view kind_word = take_word(line);
  const auto kind = kind_from_text(kind_word);
  if (!kind) refuse(number, "no such kind", kind_word);
  head.kind = *kind;
  const std::string_view category_word = take_word(line);
  if (head.kind == RuleKind::boundary && category_word == "-") return head;
  const auto category = category_from_text(category_word);
  if (!category) refuse(number, "no such category", category_word);
  head.category = *category;
  return head;
}

/// Gives the one pattern before "in" or "under" its caller.
void add_context(std::vector<CategoryRule>& of_line, RuleContext context, std::string_view& line,
                 int number) {
  if (of_line.size() != 1) refuse(number, "one pattern, not more, goes before", "in or under");
  of_line.back().context = context;
  of_line.back().caller = take_word(line);
  if (of_line.back().caller.empty()) refuse(number, "a caller is missing after", "in or under");
  const std::string_view rest = take_word(line);
  if (!rest.empty()) refuse(number, "too much on the line:", rest);
}

std::vector<CategoryRule> parse_line(std::string_view line, int number) {
  const CategoryRule head = parse_head(line, number);
  std::vector<CategoryRule> of_line;
  for (auto word = take_word(line); !word.empty(); word = take_word(line)) {
    if (const auto context = context_from_text(word)) {
      add_context(of_line, *context, line, number);
      continue;
    }
    of_line.push_back(head);
    of_line.back().pattern = word;
  }
  if (of_line.empty()) refuse(number, "no pattern for", to_text(head.category));
  return of_line;
}

bool is_comment_or_blank(std::string_view line) {
  const std::string_view first = take_word(line);
  return first.empty() || first.starts_with('#');
}

}  // namespace

std::vector<CategoryRule> parse_category_rules(std::string_view text) {
  std::vector<CategoryRule> rules;
  for (int number = 1; !text.empty(); ++number) {
    const std::string_view line = take_until(text, '\n');
    if (is_comment_or_blank(line)) continue;
    for (auto& rule : parse_line(line, number)) rules.push_back(std::move(rule));
  }
  return rules;
}

}  // namespace ub::perf
