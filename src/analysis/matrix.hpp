#pragma once

#include <vector>

#include "uringbench/analysis/matrix.hpp"

namespace ub::analysis {

/// One study of a matrix, analysed.
struct MatrixPart {
  std::string name;
  const StudyData* study = nullptr;
  Analysis analysis;
};

/// The facts of the host that the server ran on, which is the only one where both roles shared it.
inline const Facts& facts_of_server(const Environment& environment) {
  return environment.ends ? environment.ends->server : environment.facts;
}

// matrix_facts.cpp
std::vector<MatrixFacts> matrix_facts(const std::vector<MatrixPart>& parts);
std::vector<MatrixFeature> matrix_features(const std::vector<MatrixPart>& parts);
std::vector<MatrixSetting> matrix_settings(const std::vector<MatrixPart>& parts);
std::vector<MatrixChange> matrix_changes(const std::vector<MatrixPart>& parts,
                                         const std::vector<MatrixFacts>& facts);

// matrix_speeds.cpp
std::vector<MatrixPlace> matrix_places(const std::vector<MatrixPart>& parts);
std::vector<MatrixThreshold> matrix_thresholds(const std::vector<MatrixPart>& parts);
std::vector<MatrixSpeedChange> matrix_speed_changes(const std::vector<MatrixPart>& parts,
                                                    const std::vector<MatrixStudy>& studies);

}  // namespace ub::analysis
