#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace ub::report {

/// `unknown`: the probe itself could not be made; `detail` says why.
enum class Supported { yes, no, unknown };

std::string_view to_text(Supported supported);

/// One feature of `uringbench probe`.
struct FeatureRow {
  std::string name;
  Supported supported = Supported::unknown;
  std::string how_probed;  ///< "trial send", "opcode probe"
  std::string
      since_kernel;    ///< first mainline version, "6.10"; a hint only: distributions backport
  std::string detail;  ///< errno of the trial, what was granted, why unknown; may be empty
};

/// For people, at most 100 columns wide.
void write_features_table(std::ostream& out, const std::vector<FeatureRow>& rows);

/// {"schema":1,"features":[{"name","supported":"yes|no|unknown","how_probed","since_kernel","detail"}]}
void write_features_json(std::ostream& out, const std::vector<FeatureRow>& rows);

}  // namespace ub::report
