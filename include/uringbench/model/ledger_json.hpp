#pragma once

#include "uringbench/model/json.hpp"
#include "uringbench/model/ledger.hpp"

/// JSON of a ledger, for the control channel and the study's files. Strict like model/json.hpp; an
/// estimate is {"value", "low", "high"}, and null where there is none.
namespace ub {

void to_json(Json& json, const Estimate& estimate);
void from_json(const Json& json, Estimate& estimate);
void to_json(Json& json, const LedgerLine& line);
void from_json(const Json& json, LedgerLine& line);
void to_json(Json& json, const Ledger& ledger);
void from_json(const Json& json, Ledger& ledger);
void to_json(Json& json, const RoleProfile& profile);
void from_json(const Json& json, RoleProfile& profile);

}  // namespace ub
