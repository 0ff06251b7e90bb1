#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "uringbench/model/sample.hpp"

namespace ub {

/// What the two ends of a study are, where they are two hosts: each has described itself. Beside
/// the facts of a machine: "host_name", and what it reaches the other with ("card", "card_driver",
/// …).
struct Ends {
  Facts server;
  std::vector<Facts> load;

  friend bool operator==(const Ends&, const Ends&) = default;
};

/// The machine and the program, as the first line of samples.jsonl. Of a study over two hosts it is
/// the server's machine, which is what is measured. `facts` are texts by name
/// ("kernel", "cpu_model", "clock_source", "governor", …); a fact that could not be had says why.
struct Environment {
  Facts facts;
  std::uint64_t seed = 0;
  std::optional<Ends> ends = std::nullopt;  ///< absent where both are this machine

  friend bool operator==(const Environment&, const Environment&) = default;
};

/// The facts, and those of both ends where they are two hosts: "server card", "load generator
/// card".
Facts all_facts(const Environment& environment);

}  // namespace ub
