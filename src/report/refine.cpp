// The format `refine`: "--size 10321,26008", to be put behind the command line of the study, with a
// new --out.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "uringbench/report/format.hpp"

namespace ub::report {
namespace {

Page sizes(const analysis::StudyData& /*study*/, const analysis::Analysis& analysis,
           const Look& /*look*/) {
  const auto found = analysis::sizes_to_refine(analysis.crossovers);
  return found.empty() ? "" : fmt::format("--size {}\n", fmt::join(found, ","));
}

}  // namespace

Format refine_format() {
  return {.name = "refine",
          .help = "the sizes to measure next, to see the crossovers from nearer",
          .study = sizes,
          .none = "no crossing is shown that more sizes would place better"};
}

}  // namespace ub::report
