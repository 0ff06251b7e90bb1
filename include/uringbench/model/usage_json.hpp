#pragma once

#include <nlohmann/json.hpp>

#include "uringbench/model/usage.hpp"

/// JSON of what a role used besides its own CPU time. Strict, as model/json.hpp says. A value that
/// could not be had is {"unavailable": reason}, a field that an older program did not write is
/// absent.
namespace ub {

void to_json(nlohmann::json& json, const CpuTimes& times);
void from_json(const nlohmann::json& json, CpuTimes& times);
void to_json(nlohmann::json& json, const RunQueueTimes& times);
void from_json(const nlohmann::json& json, RunQueueTimes& times);
void to_json(nlohmann::json& json, const TscPoint& point);
void from_json(const nlohmann::json& json, TscPoint& point);
void to_json(nlohmann::json& json, const TscCyclesEstimate& estimate);
void from_json(const nlohmann::json& json, TscCyclesEstimate& estimate);
void to_json(nlohmann::json& json, const CpuUsage& usage);
void from_json(const nlohmann::json& json, CpuUsage& usage);

}  // namespace ub
