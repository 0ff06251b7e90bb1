#include "uringbench/model/environment.hpp"

namespace ub {

Facts all_facts(const Environment& environment) {
  Facts all = environment.facts;
  if (!environment.ends) return all;
  for (const auto& [name, text] : environment.ends->server) all["server " + name] = text;
  for (const Facts& load : environment.ends->load) {
    for (const auto& [name, text] : load) all["load generator " + name] = text;
  }
  return all;
}

}  // namespace ub
