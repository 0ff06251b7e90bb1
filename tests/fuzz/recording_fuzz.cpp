// A samples.jsonl of anybody's: read, continued as far as it can be without a run, analysed, and
// written in every format.
#include <sstream>

#include "json_mutator.hpp"
#include "uringbench/analysis/analysis.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/report/format.hpp"
#include "uringbench/run/resume.hpp"

namespace {

using namespace ub;

void would_resume(const record::Recording& recording) {
  try {
    if (recording.plan) run::require_beginning_of(*recording.plan, recording.samples);
  } catch (const UsageError&) {
  }
}

void report_everything(const analysis::StudyData& study) {
  const analysis::Analysis analysis = analysis::analyse(study);
  for (const report::Format& format : report::formats()) {
    if (!format.unavailable.empty()) continue;
    if (format.begin != nullptr) (void)format.begin(study.environment, study.plan);
    for (const Sample& sample : study.samples) {
      if (format.sample != nullptr) (void)format.sample(sample);
    }
    if (format.study != nullptr) (void)format.study(study, analysis, {}).text();
  }
}

void compare_with_itself(const analysis::StudyData& study) {
  const analysis::StudyComparison comparison = analysis::compare_studies({{&study, &study}});
  (void)analysis::outcome_of(comparison);
  for (const report::Format& format : report::formats()) {
    if (format.unavailable.empty() && format.comparison != nullptr) {
      (void)format.comparison(comparison).text();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream file(std::string(reinterpret_cast<const char*>(data), size));
  record::Recording recording;
  try {
    recording = record::read_recording(file);
  } catch (const SetupError&) {
    return 0;
  }
  would_resume(recording);
  const analysis::StudyData study = analysis::study_of(std::move(recording));
  report_everything(study);
  compare_with_itself(study);
  return 0;
}
