#pragma once

#include <optional>
#include <variant>

#include "uringbench/model/json.hpp"
#include "uringbench/model/usage.hpp"

namespace ub {

/// The value's own JSON, or {"unavailable": reason}.
template <typename Value>
Json value_or_reason(const OrUnavailable<Value>& either) {
  if (const auto* none = std::get_if<Unavailable>(&either)) return {{"unavailable", none->reason}};
  return std::get<Value>(either);
}

template <typename Value>
OrUnavailable<Value> from_value_or_reason(const Json& json) {
  if (json.contains("unavailable")) return Unavailable{json.at("unavailable").get<std::string>()};
  return json.get<Value>();
}

/// A field that is absent where there is nothing to say.
template <typename Value>
void put_optional(Json& object, const char* name,
                  const std::optional<OrUnavailable<Value>>& field) {
  if (field) object[name] = value_or_reason(*field);
}

template <typename Value>
void get_optional(const Json& object, const char* name,
                  std::optional<OrUnavailable<Value>>& field) {
  field.reset();
  if (object.contains(name)) field = from_value_or_reason<Value>(object.at(name));
}

}  // namespace ub
