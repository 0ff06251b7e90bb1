// What the kernels of a matrix did, and which difference between them explains it.
#include <algorithm>
#include <array>
#include <set>
#include <unordered_map>

#include "matrix.hpp"
#include "uringbench/model/factor.hpp"

namespace ub::analysis {
namespace {

constexpr std::string_view kUnknown = "unavailable:";

/// Never alike and no property of the machine, or told elsewhere: features, and what stands in the
/// head of the matrix.
constexpr std::array<std::string_view, 4> kNoSettings = {"load_average", "io_uring_features",
                                                         "kernel", "cpu_model"};

std::vector<std::string> split(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + separator.size());
  }
  return parts;
}

bool has(const std::vector<std::string>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

/// The feature concerns the way and the fact.
bool can_explain(const KernelFeature& feature, const FactChange& change) {
  const std::vector<std::string> ways = split(feature.ways, " ");
  const Case& c = change.example;
  const bool way =
      has(ways, c.path) || has(ways, "receive=" + c.receive) || has(ways, to_text(c.engine));
  const std::vector<std::string> facts = split(feature.facts, ", ");
  return way && std::any_of(facts.begin(), facts.end(),
                            [&](const std::string& fact) { return change.fact.starts_with(fact); });
}

/// By the probe where it asks for the feature, else by the version of the kernel.
bool has_feature(const MatrixPart& part, const KernelFeature& feature) {
  if (feature.probed) return has(features_in(part.study->environment), feature.name);
  return is_since(release_of(part.study->environment), feature.since);
}

/// The features that one of the two has, and that concern what has changed.
std::vector<std::string> explained_by(const MatrixPart& a, const MatrixPart& b,
                                      const FactChange& change) {
  std::vector<std::string> names;
  for (const KernelFeature& feature : kernel_features()) {
    if (!can_explain(feature, change)) continue;
    if (has_feature(a, feature) != has_feature(b, feature)) names.emplace_back(feature.name);
  }
  return names;
}

std::string setting_of(const Facts& facts, const std::string& name) {
  const auto found = facts.find(name);
  return found == facts.end() ? "not recorded" : found->second;
}

bool is_unknown(const std::string& value) {
  return value.starts_with(kUnknown) || value == "not recorded";
}

}  // namespace

std::vector<std::string> features_in(const Environment& environment) {
  const Facts& facts = facts_of_server(environment);
  const auto found = facts.find("io_uring_features");
  if (found == facts.end() || found->second.starts_with("none")) return {};
  return split(found->second, ", ");
}

std::vector<MatrixFacts> matrix_facts(const std::vector<MatrixPart>& parts) {
  std::vector<MatrixFacts> all;
  std::unordered_map<Case, std::size_t, CaseHash> known;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (const Group& group : parts[i].analysis.groups) {
      for (const Row& row : group.rows) {
        if (sends_nothing(row.the_case)) continue;
        const auto [found, is_new] =
            known.try_emplace(with_default_settings(row.the_case), all.size());
        if (is_new) {
          all.push_back({group.title, variant_and_batch(row.the_case), {}});
          all.back().studies.resize(parts.size());
        }
        all[found->second].studies[i] = facts_of(row);
      }
    }
  }
  return all;
}

std::vector<MatrixFeature> matrix_features(const std::vector<MatrixPart>& parts) {
  std::vector<MatrixFeature> all;
  const auto add = [&](const std::string& name, const KernelFeature* known, auto&& has_it) {
    MatrixFeature feature{known, name, {}};
    for (const MatrixPart& part : parts) feature.studies.push_back(has_it(part));
    const auto count = std::count(feature.studies.begin(), feature.studies.end(), true);
    if (count > 0 && static_cast<std::size_t>(count) < parts.size()) all.push_back(feature);
  };
  std::set<std::string> names;
  for (const MatrixPart& part : parts) {
    for (const std::string& name : features_in(part.study->environment)) names.insert(name);
  }
  for (const KernelFeature& feature : kernel_features()) {
    names.erase(std::string(feature.name));
    add(std::string(feature.name), &feature,
        [&](const MatrixPart& part) { return has_feature(part, feature); });
  }
  for (const std::string& name : names) {
    add(name, nullptr,
        [&](const MatrixPart& part) { return has(features_in(part.study->environment), name); });
  }
  return all;
}

std::vector<MatrixSetting> matrix_settings(const std::vector<MatrixPart>& parts) {
  std::set<std::string> names;
  for (const MatrixPart& part : parts) {
    for (const auto& [name, text] : all_facts(part.study->environment)) names.insert(name);
  }
  std::vector<MatrixSetting> all;
  for (const std::string& name : names) {
    const bool told = std::any_of(kNoSettings.begin(), kNoSettings.end(),
                                  [&](std::string_view each) { return name.ends_with(each); });
    if (told) continue;
    MatrixSetting setting{name, {}};
    for (const MatrixPart& part : parts) {
      setting.studies.push_back(setting_of(all_facts(part.study->environment), name));
    }
    const std::string& first = setting.studies.front();
    const bool alike =
        std::all_of(setting.studies.begin(), setting.studies.end(), [&](const std::string& value) {
          return value == first || (is_unknown(value) && is_unknown(first));
        });
    if (!alike) all.push_back(std::move(setting));
  }
  return all;
}

std::vector<MatrixChange> matrix_changes(const std::vector<MatrixPart>& parts,
                                         const std::vector<MatrixFacts>& facts) {
  std::vector<MatrixChange> all;
  for (std::size_t study = 1; study < parts.size(); ++study) {
    for (const MatrixFacts& each : facts) {
      if (!each.studies.front() || !each.studies[study]) continue;
      for (FactChange& change :
           changes_of(*each.studies.front(), *each.studies[study], each.title)) {
        std::vector<std::string> why = explained_by(parts.front(), parts[study], change);
        all.push_back({study, std::move(change), std::move(why)});
      }
    }
  }
  return all;
}

}  // namespace ub::analysis
