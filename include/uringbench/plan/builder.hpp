#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "uringbench/model/factor.hpp"
#include "uringbench/model/plan.hpp"
#include "uringbench/path/registry.hpp"
#include "uringbench/plan/options.hpp"
#include "uringbench/uring/probe.hpp"

namespace ub::plan {

/// One engine with one path, and why this kernel cannot have it (empty: it can).
struct Mode {
  EngineKind engine = EngineKind::pthread;
  const path::Descriptor* path = nullptr;
  std::string unavailable;

  [[nodiscard]] std::string name() const { return mode_name(engine, path->name); }
};

/// Every pair of engine and path that can exist, in the order of the tables.
std::vector<Mode> all_modes(const uring::Probe& probe);

/// Why no kernel could ever drive `path` with `engine`; empty when one could.
std::string why_impossible(EngineKind engine, const path::Descriptor& path);

/// The modes that `names` stand for, each once, in the order first named. Throws UsageError for a
/// name that stands for none, for a pair that cannot exist, and for a mode named by itself that
/// this kernel lacks; what a group name ("all", a glob, "classic", "default") brings in and this
/// kernel lacks stays in, with its reason.
std::vector<Mode> expand_modes(const std::vector<std::string>& names, const uring::Probe& probe);

/// Names that stand for one mode or several, besides the modes' own and globs.
std::vector<std::string> short_mode_names();

/// These and the modes' own.
std::vector<std::string> accepted_mode_names();

/// The mode that a short name for one stands for ("pthread": "pthread-two-copy"); every other name
/// as it is.
std::string full_mode_name(const std::string& name);

/// Every value that a factor accepts, where these are few: names that its row knows, and those of
/// the registries. Empty where anything of its form is accepted.
std::vector<std::string> accepted_values(const Factor& factor);

/// The product of all factors, those of each StudyOptions::also, and at its end a short null case
/// for each engine that takes part without its own, to price the harness (Purpose::harness), and in
/// a study that is repeated often enough an A/A twin and a sentinel (Purpose::noise,
/// Purpose::sentinel). Throws UsageError for a value that is out of range or contradicts another,
/// before anything is started.
Plan build_plan(const StudyOptions& options, const uring::Probe& probe);

/// Positions in plan.cases in the order in which `block` runs them: every case once, drawn from
/// plan.seed.
std::vector<std::size_t> block_order(const Plan& plan, std::uint32_t block);

}  // namespace ub::plan
