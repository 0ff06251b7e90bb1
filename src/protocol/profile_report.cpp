#include "uringbench/protocol/profile_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <vector>

#include "uringbench/model/ledger_json.hpp"

namespace ub::protocol {
namespace {

Json tally_json(const perf::Tally& tally) {
  Json categories = Json::array();
  for (const auto& [category, weight] : tally.categories) {
    categories.push_back({{"category", to_text(category)},
                          {"samples", weight.samples},
                          {"weight", weight.weight},
                          {"interrupt_weight", weight.interrupt_weight}});
  }
  return {{"categories", categories},
          {"samples", tally.samples},
          {"weight", tally.weight},
          {"squared_weight", tally.squared_weight}};
}

Category category_at(const Json& json) {
  const auto text = json.at("category").get<std::string>();
  const auto category = category_from_text(text);
  if (!category) {
    throw Json::other_error::create(501, fmt::format("'{}' is not a category", text), &json);
  }
  return *category;
}

perf::Tally tally_from(const Json& json) {
  perf::Tally tally;
  Fields(json).at("samples").get_to(tally.samples);
  json.at("weight").get_to(tally.weight);
  json.at("squared_weight").get_to(tally.squared_weight);
  for (const Json& each : json.at("categories")) {
    tally.categories[category_at(each)] = {Fields(each).at("samples").get<std::uint64_t>(),
                                           each.at("weight").get<double>(),
                                           each.at("interrupt_weight").get<double>()};
  }
  return tally;
}

/// The number at the end of a line of folded stacks.
std::uint64_t samples_of(std::string_view line) {
  const std::string_view digits = line.substr(line.rfind(' ') + 1);
  std::uint64_t samples = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), samples);
  return samples;
}

struct Stack {
  std::string_view line;
  std::uint64_t samples = 0;
  std::size_t place = 0;
};

std::vector<Stack> stacks_of(std::string_view folded) {
  std::vector<Stack> stacks;
  while (!folded.empty()) {
    const std::size_t end = std::min(folded.find('\n'), folded.size() - 1);
    const std::string_view line = folded.substr(0, end);
    stacks.push_back({line, samples_of(line), stacks.size()});
    folded.remove_prefix(end + 1);
  }
  return stacks;
}

}  // namespace

void to_json(Json& json, const ProfileReport& report) {
  json = {
      {"profile", report.profile}, {"tally", tally_json(report.tally)}, {"folded", report.folded}};
}

void from_json(const Json& json, ProfileReport& report) {
  json.at("profile").get_to(report.profile);
  report.tally = tally_from(json.at("tally"));
  json.at("folded").get_to(report.folded);
}

OrUnavailable<RoleProfile> with_ledger(const OrUnavailable<ProfileReport>& report,
                                       const perf::LedgerTotals& totals) {
  if (const auto* none = std::get_if<Unavailable>(&report)) return *none;
  const auto& found = std::get<ProfileReport>(report);
  if (found.tally.weight <= 0) return Unavailable{"no sample was taken in the window"};
  RoleProfile profile = found.profile;
  profile.ledger = perf::make_ledger(found.tally, totals);
  return profile;
}

std::string cut_folded(const std::string& folded, std::size_t most_bytes) {
  if (folded.size() <= most_bytes) return folded;
  std::vector<Stack> stacks = stacks_of(folded);
  std::stable_sort(stacks.begin(), stacks.end(),
                   [](const Stack& a, const Stack& b) { return a.samples > b.samples; });
  std::vector<Stack> kept;
  std::size_t bytes = 0;
  std::uint64_t left_out = 0;
  for (const Stack& stack : stacks) {
    bytes += stack.line.size() + 1;
    if (bytes <= most_bytes) {
      kept.push_back(stack);
    } else {
      left_out += stack.samples;
    }
  }
  std::sort(kept.begin(), kept.end(),
            [](const Stack& a, const Stack& b) { return a.place < b.place; });
  std::string text;
  for (const Stack& stack : kept) text += fmt::format("{}\n", stack.line);
  return text + fmt::format("[stacks left out] {}\n", left_out);
}

}  // namespace ub::protocol
