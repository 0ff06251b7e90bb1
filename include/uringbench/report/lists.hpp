#pragma once

#include <string>
#include <string_view>

#include "uringbench/model/case.hpp"

/// Rows of what is listed: modes, features, checks. Plain data, filled by the commands.
namespace ub::report {

/// One mode of `uringbench list`.
struct ModeRow {
  std::string mode;
  Family family = Family::none;
  std::string summary;              ///< what the path does, one line
  std::string copies;               ///< CPU copies of the payload on the server's side
  std::string unavailable_reason;   ///< empty: available here
  std::string unknown_reason = {};  ///< why nobody knows whether it is; empty: it is known
};

/// `unknown`: the probe itself could not be made; `detail` says why.
enum class Supported { yes, no, unknown };

std::string_view to_text(Supported supported);

/// One feature of `uringbench probe`.
struct FeatureRow {
  std::string name;
  Supported supported = Supported::unknown;
  std::string how_probed;     ///< "trial send", "opcode probe"
  std::string since_kernel;   ///< first mainline version, "6.10"; a hint: distributions backport
  std::string detail;         ///< errno of the trial, what was granted, why unknown; may be empty
  std::string changes = {};   ///< what it changes; empty of counters
  std::string evidence = {};  ///< where the kernel's own people say so
};

/// One check of `uringbench doctor`.
struct CheckRow {
  std::string name;
  std::string severity;  ///< "ok", "unknown", "note", "warning", "severe"
  std::string found;
  std::string why;   ///< why it matters for this tool
  std::string mend;  ///< a command; empty when there is none
};

/// One mode over one link of `uringbench selftest`.
struct SelftestRow {
  std::string mode;
  Link link = Link::loopback;
  std::string expected;
  std::string said;   ///< by the kernel
  std::string cause;  ///< of copies; empty: not known
  std::string verdict;
  bool contradicts = false;
  bool judged = true;  ///< else `said` is why not
};

}  // namespace ub::report
