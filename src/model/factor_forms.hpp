#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <type_traits>

#include "uringbench/base/affinity.hpp"
#include "uringbench/base/closest.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/model/factor.hpp"

/// How the value of a factor is typed, printed and bounded. A form has a `Value`; factor() makes a
/// row of it.
namespace ub::forms {

[[noreturn]] inline void refuse(std::string_view option, std::string_view text,
                                std::string_view accepted) {
  throw UsageError(fmt::format("--{}: '{}' is not {}", option, text, accepted));
}

[[noreturn]] inline void refuse_range(std::string_view option, std::string_view text,
                                      std::string_view range) {
  throw UsageError(fmt::format("--{}: '{}' is out of range; {} are accepted", option, text, range));
}

/// A whole number, all of it.
template <typename Number>
std::optional<Number> number_in(std::string_view text) {
  Number value{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

/// Bytes: "64", "4K", "1M".
struct Size {
  using Value = std::uint64_t;
  static constexpr std::string_view kType = "SIZE";
  Value least = 0;
  Value most = 0;
  bool or_none = false;  ///< 0 is accepted as well, and stands for "none" or "by the kernel"

  [[nodiscard]] std::string range() const {
    return most == std::numeric_limits<Value>::max()
               ? std::string()
               : fmt::format("{} to {}", format_size(least), format_size(most));
  }
  [[nodiscard]] bool holds(Value value) const {
    return (or_none && value == 0) || (value >= least && value <= most);
  }
  [[nodiscard]] Value parse(std::string_view option, const std::string& text) const {
    const auto size = parse_size(text);
    if (!size) refuse(option, text, "a size; sizes look like 64, 4K, 1M");
    if (*size < least || *size > most) refuse_range(option, format_size(*size), range());
    return *size;
  }
  [[nodiscard]] static std::string print(Value value) { return format_size(value); }
  [[nodiscard]] std::string example(Value usual) const {
    constexpr Value kSmall = 4096;
    return format_size(usual == kSmall || kSmall < least ? 2 * std::max(kSmall, least) : kSmall);
  }
};

/// A whole number.
struct Count {
  using Value = std::uint32_t;
  static constexpr std::string_view kType = "N";
  Value least = 0;
  Value most = 0;
  bool or_none = false;

  [[nodiscard]] std::string range() const { return fmt::format("{} to {}", least, most); }
  [[nodiscard]] bool holds(Value value) const {
    return (or_none && value == 0) || (value >= least && value <= most);
  }
  [[nodiscard]] Value parse(std::string_view option, const std::string& text) const {
    const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
    if (!digits) refuse(option, text, fmt::format("a whole number; {} are accepted", range()));
    const auto value = number_in<Value>(text);
    if (!value || *value < least || *value > most) refuse_range(option, text, range());
    return *value;
  }
  [[nodiscard]] static std::string print(Value value) { return fmt::to_string(value); }
  [[nodiscard]] std::string example(Value usual) const {
    return print(usual == least || least == 0 ? std::max(least, usual) + 1 : least);
  }
};

/// A duration in nanoseconds: "200ms".
struct Time {
  using Value = std::uint64_t;
  static constexpr std::string_view kType = "TIME";
  Value least_ns = 0;
  Value most_ns = 0;

  [[nodiscard]] std::string range() const {
    return fmt::format("{} to {}", print(least_ns), print(most_ns));
  }
  [[nodiscard]] bool holds(Value value) const { return value >= least_ns && value <= most_ns; }
  [[nodiscard]] Value parse(std::string_view option, const std::string& text) const {
    const auto duration = parse_duration_ns(text);
    if (!duration)
      refuse(option, text,
             "a time; times are a number with ns, us, ms, s, m or h, such as 200ms or 2s");
    if (!holds(*duration)) refuse_range(option, print(*duration), range());
    return *duration;
  }
  /// Exactly, in the largest unit that is whole: "1500ms".
  [[nodiscard]] static std::string print(Value value) {
    constexpr std::pair<Value, std::string_view> kUnits[] = {
        {1'000'000'000, "s"}, {1'000'000, "ms"}, {1'000, "us"}};
    for (const auto& [unit_ns, name] : kUnits) {
      if (value % unit_ns == 0) return fmt::format("{}{}", value / unit_ns, name);
    }
    return fmt::format("{}ns", value);
  }
  [[nodiscard]] std::string example(Value usual) const {
    return print(usual == most_ns ? least_ns : std::min(most_ns, usual + 20'000'000));
  }
};

/// Whole microseconds up to a second; 0 is off.
struct Microseconds {
  using Value = std::uint32_t;
  static constexpr std::string_view kType = "TIME";
  static constexpr std::uint64_t kUnitNs = 1'000;
  static constexpr Value kMostUs = 1'000'000;

  [[nodiscard]] static std::string range() { return ""; }
  [[nodiscard]] static bool holds(Value value) { return value <= kMostUs; }
  [[nodiscard]] static Value parse(std::string_view option, const std::string& text) {
    const auto duration = parse_duration_ns(text);
    if (!duration)
      refuse(option, text,
             "a time; times are a number with ns, us, ms, s, m or h, such as 200ms or 2s");
    if (*duration > kMostUs * kUnitNs || *duration % kUnitNs != 0) {
      refuse(option, text, "whole microseconds up to 1s");
    }
    return static_cast<Value>(*duration / kUnitNs);
  }
  [[nodiscard]] static std::string print(Value value) { return Time::print(value * kUnitNs); }
  [[nodiscard]] static std::string example(Value usual) { return print(usual + 20); }
};

/// Events per second; 0 stands for none and is not typed.
struct Rate {
  using Value = double;
  static constexpr std::string_view kType = "RATE";
  Value most = 0;

  [[nodiscard]] static std::string range() { return ""; }
  [[nodiscard]] bool holds(Value value) const { return value >= 0 && value <= most; }
  [[nodiscard]] Value parse(std::string_view option, const std::string& text) const {
    const bool thousands = text.ends_with('K') || text.ends_with('k');
    const bool millions = text.ends_with('M');
    const double factor = thousands ? 1e3 : millions ? 1e6 : 1;
    const std::size_t suffix = thousands || millions ? 1 : 0;
    const auto number = number_in<Value>(text.substr(0, text.size() - suffix));
    const Value value = number ? *number * factor : 0;
    if (!(value > 0) || value > most) {
      refuse(option, text,
             fmt::format("a number of requests a second up to {:.0f}, such as 500 or 2K", most));
    }
    return value;
  }
  [[nodiscard]] static std::string print(Value value) { return fmt::format("{}", value); }
  [[nodiscard]] static std::string example(Value usual) { return print(usual + 1000); }
};

/// One of the names of an enumeration, or of those named here.
template <typename Enum>
struct Name {
  using Value = Enum;
  static constexpr std::string_view kType = std::is_same_v<Enum, Switch> ? "on|off" : "NAME";
  std::string_view accepted;         ///< "block or spin", after "is not"
  std::vector<Enum> not_typed = {};  ///< values that only the program gives

  [[nodiscard]] static std::string range() { return ""; }
  [[nodiscard]] static bool holds(Value /*value*/) { return true; }
  [[nodiscard]] Value parse(std::string_view option, const std::string& text) const {
    const auto value = from_text<Enum>(text);
    const bool known =
        value && std::find(not_typed.begin(), not_typed.end(), *value) == not_typed.end();
    if (!known) refuse(option, text, std::string(accepted) + did_you_mean(text, values()));
    return *value;
  }
  [[nodiscard]] static std::string print(Value value) { return std::string(to_text(value)); }
  [[nodiscard]] std::vector<std::string> values() const {
    std::vector<std::string> names = names_of<Enum>();
    for (const Enum each : not_typed) std::erase(names, std::string(to_text(each)));
    return names;
  }
  [[nodiscard]] std::string example(Value usual) const {
    for (const std::string& name : values()) {
      if (name != to_text(usual)) return name;
    }
    return {};
  }
};

/// Any text; what it may be only this machine can say (see plan).
struct Text {
  using Value = std::string;
  std::string_view kType = "NAME";
  bool may_be_empty = false;

  [[nodiscard]] static std::string range() { return ""; }
  [[nodiscard]] static bool holds(const Value& /*value*/) { return true; }
  [[nodiscard]] Value parse(std::string_view option, const std::string& text) const {
    if (text.empty() && !may_be_empty) {
      refuse(option, text, "a name; leave the option out for the default");
    }
    return text;
  }
  [[nodiscard]] static std::string print(const Value& value) { return value; }
  [[nodiscard]] static std::string example(const Value& /*usual*/) { return {}; }
};

/// --notify: when, and from how many buffers.
struct Notification {
  using Value = NotifyFactors;
  static constexpr std::string_view kType = "WHEN";
  static constexpr const char* kBuffersKey = "notify_buffers";
  static constexpr std::string_view kAccepted =
      "one of each, lazy, ring and ring:N (N operations, 1 to 4096)";

  [[nodiscard]] static std::string range() { return ""; }
  [[nodiscard]] static bool holds(const Value& value) { return value.buffers <= kMaxNotifyBuffers; }
  [[nodiscard]] static Value parse(std::string_view option, const std::string& text) {
    constexpr std::string_view kRing = "ring:";
    if (!text.starts_with(kRing)) {
      return {.when = Name<Notify>{kAccepted}.parse(option, text)};
    }
    const auto buffers = number_in<std::uint32_t>(text.substr(kRing.size()));
    if (!buffers || *buffers == 0 || *buffers > kMaxNotifyBuffers) refuse(option, text, kAccepted);
    return {.when = Notify::ring, .buffers = *buffers};
  }
  [[nodiscard]] static std::string print(const Value& value) { return notify_text(value); }
  [[nodiscard]] static std::string example(const Value& /*usual*/) { return "ring:2"; }
};

// The JSON of a value: a number, or its text.
template <typename Form>
void put(const Form& /*form*/, Json& json, const char* key, const typename Form::Value& value) {
  if constexpr (std::is_enum_v<typename Form::Value>) {
    json[key] = to_text(value);
  } else {
    json[key] = value;
  }
}
inline void put(const Notification& /*form*/, Json& json, const char* key,
                const NotifyFactors& value) {
  json[key] = to_text(value.when);
  json[Notification::kBuffersKey] = value.buffers;
}

template <typename Form>
void get(const Form& /*form*/, const Fields& json, const char* key, typename Form::Value& value) {
  if constexpr (std::is_enum_v<typename Form::Value>) {
    value = enum_at<typename Form::Value>(json, key);
  } else {
    json.at(key).get_to(value);
  }
}
inline void get(const Notification& /*form*/, const Fields& json, const char* key,
                NotifyFactors& value) {
  value.when = enum_at<Notify>(json, key);
  json.get_if_there(Notification::kBuffersKey, value.buffers);
}

template <typename Value>
std::size_t hash_of(const Value& value) {
  if constexpr (std::is_same_v<Value, NotifyFactors>) {
    return (std::size_t{value.buffers} << 2U) + static_cast<std::size_t>(value.when);
  } else {
    return std::hash<Value>{}(value);
  }
}

/// "window 300 ms", for titles.
inline std::string time_title(std::string_view name, std::uint64_t duration_ns) {
  return fmt::format("{} {}", name, format_duration(static_cast<double>(duration_ns)));
}

/// A row from the member that `member` names (a generic lambda from a case to a reference), the
/// form of its value and what is written by hand.
template <typename Member, typename Form>
Factor factor(const FactorText& text, Member member, Form form) {
  Factor row;
  static_cast<FactorText&>(row) = text;
  const Case usual;
  row.type = form.kType;
  row.range = form.range();
  if constexpr (requires { form.values(); }) row.values = form.values();
  row.example_value =
      text.example.empty() ? form.example(member(usual)) : std::string(text.example);
  row.keys = {text.key};
  if constexpr (std::is_same_v<Form, Notification>) row.keys.emplace_back(Form::kBuffersKey);
  const char* key = text.key.data();  // literals, so they end with a zero
  const std::string_view option = text.option;
  row.parse = [=](Case& c, const std::string& typed) { member(c) = form.parse(option, typed); };
  row.print = [=](const Case& c) { return form.print(member(c)); };
  row.to_json = [=](Json& json, const Case& c) { put(form, json, key, member(c)); };
  row.from_json = [=](const Fields& json, Case& c) { get(form, json, key, member(c)); };
  row.copy = [=](Case& to, const Case& from) { member(to) = member(from); };
  row.equal = [=](const Case& a, const Case& b) { return member(a) == member(b); };
  row.hash = [=](const Case& c) { return hash_of(member(c)); };
  row.in_range = [=](const Case& c) { return form.holds(member(c)); };
  return row;
}

}  // namespace ub::forms

/// The member of a case that a row is about, of a case to read or to write.
// NOLINTBEGIN(cppcoreguidelines-macro-usage,bugprone-macro-parentheses): nested members have no
// pointer to member, and a member's name takes no parentheses
#define UB_MEMBER(name)  \
  [](auto& c) -> auto& { \
    return c.name;       \
  }
// NOLINTEND(cppcoreguidelines-macro-usage,bugprone-macro-parentheses)
