#pragma once

#include "uringbench/model/case.hpp"
#include "uringbench/model/counts.hpp"
#include "uringbench/model/environment.hpp"
#include "uringbench/model/json_fields.hpp"
#include "uringbench/model/plan.hpp"
#include "uringbench/model/reading.hpp"
#include "uringbench/model/sample.hpp"
#include "uringbench/model/snapshot.hpp"
#include "uringbench/model/usage_json.hpp"

/// JSON of the plain data. Reading is strict: a missing field, a field of another type or a text
/// that names nothing throws nlohmann::json::exception; unknown further fields are ignored, so that
/// newer files can be read. The names are part of the file format and never change meaning.
namespace ub {

inline constexpr int kSchema = 1;

/// The counts of a group, by the keys of their rows, beside what the object has already.
template <CountGroup Counts>
void add_to_json(Json& json, const Counts& counts) {
  for_each_count<Counts>([&](const auto& row) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(counts.*row.member)>, Text>) {
      json[row.key] = null_or(counts.*row.member);
    } else {
      json[row.key] = counts.*row.member;
    }
  });
}

template <CountGroup Counts>
void to_json(Json& json, const Counts& counts) {
  json = Json::object();
  add_to_json(json, counts);
}

template <CountGroup Counts>
void from_json(const Json& object, Counts& counts) {
  const Fields json(object);
  for_each_count<Counts>([&](const auto& row) {
    auto& value = counts.*row.member;
    if (row.older_files != OlderFiles::have_it && !json.has(row.key)) return;
    if constexpr (std::is_same_v<std::remove_reference_t<decltype(value)>, Text>) {
      value = text_or_empty(json.at(row.key));
    } else {
      json.at(row.key).get_to(value);
    }
  });
}

void to_json(Json& json, const Reading& reading);
void from_json(const Json& json, Reading& reading);
void to_json(Json& json, const Case& the_case);
void from_json(const Json& json, Case& the_case);
void to_json(Json& json, const RoleUsage& usage);
void from_json(const Json& json, RoleUsage& usage);
void to_json(Json& json, const Snapshot& snapshot);
void from_json(const Json& json, Snapshot& snapshot);
void to_json(Json& json, const LatencySummary& latency);
void from_json(const Json& json, LatencySummary& latency);
void to_json(Json& json, const SendTiming& timing);
void from_json(const Json& json, SendTiming& timing);
void to_json(Json& json, const RequestFigures& requests);
void from_json(const Json& json, RequestFigures& requests);
void to_json(Json& json, const Sample& sample);
void from_json(const Json& json, Sample& sample);
void to_json(Json& json, const Environment& environment);
void from_json(const Json& json, Environment& environment);
void to_json(Json& json, const PlannedCase& planned);
void from_json(const Json& json, PlannedCase& planned);
void to_json(Json& json, const Plan& plan);
void from_json(const Json& json, Plan& plan);

}  // namespace ub

/// std::variant is not ours, so argument-dependent lookup needs this specialisation to find the
/// pair above.
template <>
struct nlohmann::adl_serializer<ub::Reading> {
  static void to_json(json& out, const ub::Reading& reading) { ub::to_json(out, reading); }
  static void from_json(const json& in, ub::Reading& reading) { ub::from_json(in, reading); }
};
