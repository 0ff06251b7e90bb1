// The format `jsonl`: the lines of samples.jsonl, and of other lists a line each.
#include "renders.hpp"

namespace ub::report {
namespace {

std::string head_lines(const Environment& environment, const Plan& plan) {
  return json_line(environment) + json_line(plan);
}

std::string sample_line(const Sample& sample) {
  return json_line(sample);
}

/// {"schema":1,"record":"check",…}
Page check_lines(const std::vector<CheckRow>& rows) {
  std::string text;
  for (const CheckRow& row : rows) text += json_line(check_json(row));
  return text;
}

}  // namespace

Format jsonl_format() {
  return {.name = "jsonl",
          .help = "a line of JSON for each sample, as it comes",
          .begin = head_lines,
          .sample = sample_line,
          .checks = check_lines};
}

}  // namespace ub::report
