#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "uringbench/analysis/compare_studies.hpp"
#include "uringbench/analysis/facts.hpp"
#include "uringbench/base/kernel_feature.hpp"

/// The same study on several kernels, machines or links, side by side, as plain data. The first
/// study is what the others are held against. Pure functions.
namespace ub::analysis {

struct MatrixInput {
  std::string name;                  ///< what to call it: of its directory
  const StudyData* study = nullptr;  ///< outlives the matrix's making
};

struct MatrixStudy {
  std::string name;
  std::string kernel;
  std::string cpu_model;
  std::vector<std::string> facts_only;  ///< as in Analysis
  std::size_t cases = 0;                ///< planned
  std::size_t in_common = 0;            ///< of those, with the first study
  /// Why it cannot be set beside the first, or not its speeds; empty: all can.
  std::vector<std::string> apart;
};

/// The best way of one study at one place.
struct MatrixWinner {
  std::string unknown;               ///< why there is none; then the rest is empty
  std::vector<std::string> leaders;  ///< more than one: not resolved between them
  std::string baseline;              ///< on this machine
  /// The first leader over it; none where it is the baseline, or was not compared with it.
  std::optional<stats::Interval> over_baseline;

  [[nodiscard]] bool resolved() const { return leaders.size() == 1; }
};

/// One group and batch, in every study.
struct MatrixPlace {
  std::string title;
  std::uint64_t size_bytes = 0;
  std::uint32_t batch = 1;
  std::vector<MatrixWinner> studies;
};

/// What one case did in every study; nullopt where the plan has it not.
struct MatrixFacts {
  std::string title;
  std::string variant;
  std::vector<std::optional<CaseFacts>> studies;
};

struct MatrixThreshold {
  Objective objective = Objective::throughput;
  std::string title;
  std::string a;
  std::string b;
  /// Nullopt where it was not measured, or no speed counts.
  std::vector<std::optional<stats::Crossover>> studies;
};

/// A feature that some of the studies have and others have not.
struct MatrixFeature {
  const KernelFeature* known = nullptr;  ///< null: not in the table
  std::string name;
  std::vector<bool> studies;
};

/// A fact of the machines that differs: sysctls, limits, versions.
struct MatrixSetting {
  std::string name;
  std::vector<std::string> studies;
};

/// A fact of a case that is not what it is in the first study.
struct MatrixChange {
  std::size_t study = 0;
  FactChange change;
  std::vector<std::string> explained_by;  ///< features; empty: unexplained
};

/// A speed that is beyond the noise of both studies. Of one machine only.
struct MatrixSpeedChange {
  std::size_t study = 0;
  ComparedCase compared;
  std::vector<CategoryDifference> causes;  ///< of the server, where both were profiled
};

struct Matrix {
  std::vector<MatrixStudy> studies;
  std::vector<MatrixPlace> places;
  std::vector<MatrixFacts> facts;
  std::vector<MatrixThreshold> thresholds;  ///< those that cross in some study
  std::vector<MatrixFeature> features;
  std::vector<MatrixSetting> settings;
  std::vector<MatrixChange> changes;
  std::vector<MatrixSpeedChange> speed_changes;
};

/// At least one study. `baseline`: as of analyse().
Matrix matrix_of(const std::vector<MatrixInput>& inputs, const std::string& baseline = "");

/// The features that the study's kernel was seen to have, by the name of its probe.
std::vector<std::string> features_in(const Environment& environment);

/// "6.1.0-53-amd64" of "Linux 6.1.0-53-amd64 x86_64"; empty where it is not known.
std::string release_of(const Environment& environment);

}  // namespace ub::analysis
