#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "uringbench/report/reporter.hpp"

namespace ub::report {

/// One check of `uringbench doctor`.
struct CheckRow {
  std::string name;
  std::string severity;  ///< "ok", "unknown", "note", "warning", "severe"
  std::string found;
  std::string why;   ///< why it matters for this tool
  std::string mend;  ///< a command; empty when there is none
};

/// For people, at most 100 columns wide, but for a command, which is never broken: the worst first,
/// with the reason and the command; what is well only by name.
void write_checkup_table(std::ostream& out, const std::vector<CheckRow>& rows, Colour colour);

/// A line each: {"schema":1,"record":"check","name","severity","found","why","mend":null|"..."}
void write_checkup_jsonl(std::ostream& out, const std::vector<CheckRow>& rows);

}  // namespace ub::report
