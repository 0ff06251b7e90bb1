#include "uringbench/record/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <istream>
#include <tuple>
#include <unordered_set>

#include "uringbench/base/error.hpp"
#include "uringbench/model/factor.hpp"
#include "uringbench/model/json.hpp"

namespace ub::record {
namespace {

[[noreturn]] void refuse_line(std::size_t number, std::string_view why) {
  throw SetupError(fmt::format("samples.jsonl line {}: {}; mend or remove that line", number, why));
}

bool is_blank(const std::string& line) {
  return line.find_first_not_of(" \t\r") == std::string::npos;
}

class RecordingBuilder {
 public:
  void add(std::size_t number, const Json& json) {
    const auto kind = json.at("record").get<std::string>();
    if (kind == "environment") {
      add_environment(json.get<Environment>());
    } else if (kind == "plan") {
      if (!recording_.plan) recording_.plan = json.get<Plan>();
    } else if (kind == "sample") {
      if (!has_environment_) refuse_line(number, "a sample before the environment record");
      recording_.samples.push_back(json.get<Sample>());
    }
  }

  void tear(TornLine torn) { recording_.torn = std::move(torn); }

  Recording take() {
    if (!has_environment_) {
      throw SetupError(
          "samples.jsonl holds no environment record: it is not a study's file, or the "
          "study ended before it began; run it again");
    }
    return std::move(recording_);
  }

 private:
  void add_environment(Environment environment) {
    if (has_environment_) {
      recording_.later_environments.push_back(std::move(environment));
    } else {
      recording_.environment = std::move(environment);
      has_environment_ = true;
    }
  }

  Recording recording_;
  bool has_environment_ = false;
};

void add_line(RecordingBuilder& builder, std::size_t number, const std::string& line) {
  try {
    builder.add(number, Json::parse(line));
  } catch (const Json::exception& error) {
    refuse_line(number, error.what());
  }
}

auto reading_order(const Case& c) {
  return std::tie(c.size_bytes, c.clients, c.engine, c.family, c.path);
}

}  // namespace

Recording read_recording(std::istream& in) {
  RecordingBuilder builder;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    const bool ended_by_line_feed = !in.eof();
    if (is_blank(line)) continue;
    if (!ended_by_line_feed && !Json::accept(line)) {
      builder.tear({number, line});
    } else {
      add_line(builder, number, line);
    }
  }
  return builder.take();
}

Plan plan_of(const Recording& recording) {
  if (recording.plan) return *recording.plan;
  Plan plan;
  plan.seed = recording.environment.seed;
  std::unordered_set<Case, CaseHash> known;
  for (const Sample& sample : recording.samples) {
    plan.reps = std::max(plan.reps, sample.block + 1);  // a sentinel runs several times a block
    if (!known.insert(sample.the_case).second) continue;
    const bool unavailable = sample.status == Status::unavailable;
    plan.cases.push_back({sample.the_case, unavailable ? sample.reason : ""});
  }
  std::stable_sort(plan.cases.begin(), plan.cases.end(),
                   [](const PlannedCase& left, const PlannedCase& right) {
                     return reading_order(left.the_case) < reading_order(right.the_case);
                   });
  return plan;
}

}  // namespace ub::record
