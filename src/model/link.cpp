#include "uringbench/model/link.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "uringbench/base/units.hpp"
#include "uringbench/model/case.hpp"

namespace ub {
namespace {

std::span<const LinkFacts> table() {
#define UB_LINK(enumerator, ...) LinkFacts{__VA_ARGS__},
  static const std::vector<LinkFacts> facts = {
#include "uringbench/model/links.def"
  };
#undef UB_LINK
  return facts;
}

}  // namespace

const LinkFacts& facts_of(Link link) {
  return table()[static_cast<std::size_t>(link)];
}

std::vector<Link> all_links() {
#define UB_LINK(enumerator, ...) Link::enumerator,
  return {
#include "uringbench/model/links.def"
  };
#undef UB_LINK
}

bool drops(Link link) {
  return facts_of(link).delivery == Delivery::dropped;
}

bool carries(Link link, Transport transport) {
  const std::vector<Transport>& all = facts_of(link).carries;
  return std::find(all.begin(), all.end(), transport) != all.end();
}

std::string_view to_text(Link link) {
  return facts_of(link).name;
}

template <>
std::optional<Link> from_text(std::string_view text) {
  for (const Link link : all_links()) {
    if (to_text(link) == text) return link;
  }
  return std::nullopt;
}

template <>
std::vector<std::string> names_of<Link>() {
  std::vector<std::string> names;
  for (const LinkFacts& facts : table()) names.emplace_back(facts.name);
  return names;
}

std::string names_of_links(bool (*which)(const LinkFacts&), std::string_view last) {
  std::vector<std::string> names;
  for (const LinkFacts& facts : table()) {
    if (which(facts)) names.emplace_back(facts.name);
  }
  return list_text(names, last);
}

}  // namespace ub
