#include "uringbench/model/ledger_json.hpp"

#include <fmt/format.h>

#include "uringbench/model/json_fields.hpp"

namespace ub {
namespace {

Json null_or(const std::optional<Estimate>& estimate) {
  return estimate ? Json(*estimate) : Json(nullptr);
}

std::optional<Estimate> optional_estimate(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<Estimate>());
}

Category category_at(const Json& json, const char* key) {
  const auto text = json.at(key).get<std::string>();
  const auto category = category_from_text(text);
  if (!category) {
    throw Json::other_error::create(501, fmt::format("no category is named \"{}\"", text), &json);
  }
  return *category;
}

}  // namespace

void to_json(Json& json, const Estimate& estimate) {
  json = {{"value", estimate.value}, {"low", estimate.low}, {"high", estimate.high}};
}

void from_json(const Json& json, Estimate& estimate) {
  json.at("value").get_to(estimate.value);
  json.at("low").get_to(estimate.low);
  json.at("high").get_to(estimate.high);
}

void to_json(Json& json, const LedgerLine& line) {
  json = {{"category", to_text(line.category)},
          {"samples", line.samples},
          {"share", line.share},
          {"interrupt_share", line.interrupt_share},
          {"ns_per_message", null_or(line.ns_per_message)},
          {"ns_per_byte", null_or(line.ns_per_byte)}};
}

void from_json(const Json& json, LedgerLine& line) {
  line.category = category_at(json, "category");
  json.at("samples").get_to(line.samples);
  json.at("share").get_to(line.share);
  json.at("interrupt_share").get_to(line.interrupt_share);
  line.ns_per_message = optional_estimate(json.at("ns_per_message"));
  line.ns_per_byte = optional_estimate(json.at("ns_per_byte"));
}

void to_json(Json& json, const Ledger& ledger) {
  json = {{"samples", ledger.samples}, {"lines", ledger.lines}};
}

void from_json(const Json& json, Ledger& ledger) {
  json.at("samples").get_to(ledger.samples);
  json.at("lines").get_to(ledger.lines);
}

void to_json(Json& json, const RoleProfile& profile) {
  json = {{"scope", to_text(profile.scope)},      {"event", profile.event},
          {"event_note", profile.event_note},     {"events_on", profile.events_on},
          {"frequency_hz", profile.frequency_hz}, {"lost", profile.lost},
          {"throttled", profile.throttled},       {"ledger", profile.ledger}};
}

void from_json(const Json& json, RoleProfile& profile) {
  const auto text = json.at("scope").get<std::string>();
  const auto scope = from_text<ProfileScope>(text);
  if (!scope) refuse(fmt::format("scope: '{}' is not a known name", text));
  profile.scope = *scope;
  const Fields fields(json);
  fields.at("event").get_to(profile.event);
  fields.at("event_note").get_to(profile.event_note);
  if (json.contains("events_on")) fields.at("events_on").get_to(profile.events_on);
  fields.at("frequency_hz").get_to(profile.frequency_hz);
  fields.at("lost").get_to(profile.lost);
  fields.at("throttled").get_to(profile.throttled);
  fields.at("ledger").get_to(profile.ledger);
}

}  // namespace ub
