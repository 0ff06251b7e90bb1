// The factor table as a whole, and what follows from it.
#include <algorithm>
#include <iterator>

#include "factor_rows.hpp"
#include "uringbench/base/check.hpp"

namespace ub {
namespace {

std::vector<Factor> all_rows() {
  std::vector<Factor> rows;
  for (const auto part : {mode_factors, load_factors, request_factors, socket_factors,
                          server_factors, ring_factors, setting_factors}) {
    std::vector<Factor> added = part();
    std::move(added.begin(), added.end(), std::back_inserter(rows));
  }
  return rows;
}

template <typename Predicate>
Case with_defaults(Case the_case, Predicate predicate) {
  static const Case usual;
  for (const Factor& factor : factors()) {
    if (predicate(factor)) factor.copy(the_case, usual);
  }
  return the_case;
}

/// Whether two cases have the same purpose and agree in every factor that is not left out.
template <typename Predicate>
bool same_but_for(const Case& left, const Case& right, Predicate left_out) {
  return left.purpose == right.purpose &&
         std::all_of(factors().begin(), factors().end(), [&](const Factor& factor) {
           return left_out(factor) || factor.equal(left, right);
         });
}

}  // namespace

std::string_view heading(OptionGroup group) {
  switch (group) {
    case OptionGroup::load:
      return "Load";
    case OptionGroup::requests:
      return "Requests (workloads rr, echo and crr)";
    case OptionGroup::server:
      return "Server";
    case OptionGroup::ring:
      return "Ring (modes of the uring engine)";
    case OptionGroup::sockets:
      return "Sockets and CPUs";
    case OptionGroup::repetition:
      return "Repetition";
  }
  fail_check("every group has a heading");
}

std::span<const Factor> factors() {
  static const std::vector<Factor> rows = all_rows();
  return rows;
}

const Factor* find_factor(std::string_view option) {
  const auto found = std::find_if(factors().begin(), factors().end(), [&](const Factor& each) {
    return !each.option.empty() && (each.option == option || each.other_option == option);
  });
  return found == factors().end() ? nullptr : &*found;
}

Case with_default_variants(Case the_case) {
  return with_defaults(std::move(the_case),
                       [](const Factor& each) { return each.kind == FactorKind::variant; });
}

Case with_default_settings(Case the_case) {
  return with_defaults(std::move(the_case),
                       [](const Factor& each) { return each.kind == FactorKind::setting; });
}

bool same_but_for_variant_and_size(const Case& left, const Case& right) {
  // Files of older programs lack the working set that was asked for, and then it is a condition.
  const bool asked = left.working_set_asked_bytes > 0 && right.working_set_asked_bytes > 0;
  return same_but_for(left, right, [&](const Factor& each) {
    if (each.kind == FactorKind::variant) return true;
    return each.follows_size && (asked || each.key == "size_bytes");
  });
}

bool same_but_for_mode(const Case& left, const Case& right) {
  return same_but_for(left, right, [](const Factor& each) {
    return each.kind == FactorKind::variant && (each.option.empty() || each.key == "batch");
  });
}

std::vector<std::string_view> keys_of(FactorKind kind) {
  std::vector<std::string_view> keys;
  if (kind == FactorKind::variant) keys.emplace_back("mode");
  for (const Factor& factor : factors()) {
    if (factor.kind == kind) keys.insert(keys.end(), factor.keys.begin(), factor.keys.end());
  }
  return keys;
}

std::string variant_name(const Case& the_case) {
  static const Case usual;
  std::string name = mode_name(the_case);
  for (const Factor& factor : factors()) {
    if (factor.suffix == nullptr || factor.equal(the_case, usual)) continue;
    const std::string suffix = factor.suffix(the_case);
    if (!suffix.empty()) name += "+" + suffix;
  }
  return name;
}

std::size_t CaseHash::operator()(const Case& the_case) const {
  constexpr std::size_t kPrime = 1099511628211U;  // FNV-1a
  std::size_t hash = static_cast<std::size_t>(the_case.purpose);
  for (const Factor& factor : factors()) hash = (hash * kPrime) ^ factor.hash(the_case);
  return hash;
}

std::string why_impossible(const Case& the_case) {
  for (const Factor& factor : factors()) {
    if (factor.why_impossible == nullptr) continue;
    std::string reason = factor.why_impossible(the_case);
    if (!reason.empty()) return reason;
  }
  return {};
}

std::string why_out_of_range(const Case& the_case) {
  for (const Factor& factor : factors()) {
    if (factor.in_range(the_case)) continue;
    return std::string(factor.key) + ": '" + factor.print(the_case) + "' is out of range; " +
           factor.range + " are accepted";
  }
  return {};
}

}  // namespace ub
