#include "uringbench/model/json.hpp"
#include "uringbench/report/reporter.hpp"
#include "write.hpp"

namespace ub::report {
namespace {

/// Replaces bytes that are not UTF-8: a strange byte in a reason must not cost the sample.
std::string json_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace

void JsonlReporter::begin(const Environment& environment, const Plan& plan) {
  write(out_, json_line(environment) + json_line(plan));
}

void JsonlReporter::sample(const Sample& sample) {
  write(out_, json_line(sample));
}

void JsonlReporter::end() {
  write(out_, "");
}

}  // namespace ub::report
