#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>

#include "uringbench/model/case.hpp"

/// Strict reading of JSON objects, for all that reads files or messages.
namespace ub {

using Json = nlohmann::json;

/// Throws nlohmann::json::other_error.
[[noreturn]] inline void refuse(const std::string& what) {
  throw nlohmann::json::other_error::create(501, what, static_cast<const Json*>(nullptr));
}

/// A field of an object, read strictly. The library alone would turn -1, 1.5, true and 2^40 into
/// some std::uint32_t without a word.
class Field {
 public:
  Field(const Json& json, const char* name) : json_(&json), name_(name) {}

  template <typename Value>
  [[nodiscard]] Value get() const {
    if constexpr (std::is_integral_v<Value> && !std::is_same_v<Value, bool>) check_integer<Value>();
    return json_->get<Value>();
  }
  template <typename Value>
  void get_to(Value& value) const {
    value = get<Value>();
  }
  [[nodiscard]] bool is_null() const { return json_->is_null(); }

 private:
  template <typename Value>
  void check_integer() const {
    static_assert(std::is_unsigned_v<Value>);
    const bool negative = !json_->is_number_unsigned() && json_->is_number_integer() &&
                          json_->get<std::int64_t>() < 0;
    const bool fits = json_->is_number_integer() && !negative &&
                      json_->get<std::uint64_t>() <= std::numeric_limits<Value>::max();
    if (!fits) refuse(fmt::format("{}: {} is not a number it can hold", name_, json_->dump()));
  }

  const Json* json_;
  const char* name_;
};

/// An object whose fields are read strictly. Refers to the JSON.
class Fields {
 public:
  explicit Fields(const Json& json) : json_(&json) {}

  [[nodiscard]] Field at(const char* name) const { return {json_->at(name), name}; }
  /// A file of an older version may lack what came later.
  [[nodiscard]] bool has(const char* name) const { return json_->contains(name); }
  template <typename Value>
  void get_if_there(const char* name, Value& value) const {
    if (has(name)) at(name).get_to(value);
  }

 private:
  const Json* json_;
};

template <typename Enum>
Enum enum_at(const Fields& json, const char* key) {
  const auto text = json.at(key).get<std::string>();
  const auto value = from_text<Enum>(text);
  if (!value) refuse(std::string(key) + ": '" + text + "' is not a known name");
  return *value;
}

inline Json null_or(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

inline std::string text_or_empty(const Field& json) {
  return json.is_null() ? std::string() : json.get<std::string>();
}

template <typename Value>
Json null_or(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

template <typename Value>
std::optional<Value> optional_at(const Fields& json, const char* key) {
  const Field field = json.at(key);
  return field.is_null() ? std::nullopt : std::optional<Value>(field.get<Value>());
}

template <typename Value>
std::optional<Value> optional_if_there(const Fields& json, const char* key) {
  return json.has(key) ? optional_at<Value>(json, key) : std::nullopt;
}

/// Where an older file lacks a factor: its default.
template <typename Enum>
void enum_if_there(const Fields& json, const char* key, Enum& value) {
  if (json.has(key)) value = enum_at<Enum>(json, key);
}

}  // namespace ub
