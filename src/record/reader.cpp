#include "uringbench/record/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <istream>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "uringbench/base/build.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/model/factor.hpp"
#include "uringbench/model/json.hpp"
#include "uringbench/record/journal.hpp"

namespace ub::record {
namespace {

[[noreturn]] void refuse_line(std::size_t number, std::string_view why) {
  throw SetupError(fmt::format("samples.jsonl line {}: {}; mend or remove that line", number, why));
}

[[noreturn]] void refuse_second_study(std::size_t number, std::string_view why) {
  throw SetupError(fmt::format(
      "samples.jsonl line {}: {}: the file holds two studies; keep each in a directory of its own, "
      "and `uringbench compare A B` compares them",
      number, why));
}

/// Everything in a file is of one schema, and nothing can be said of another.
void check_schema(std::size_t number, const Json& json, const Environment& environment) {
  const auto schema = json.find("schema");
  if (schema == json.end() || !schema->is_number_integer() || *schema == kSchema) return;
  const Json facts = json.value("facts", Json(environment.facts));
  const bool known = facts.is_object() && facts.contains("program") && facts["program"].is_string();
  const std::string writer = known ? facts["program"].get<std::string>() : "another version";
  throw SetupError(fmt::format(
      "samples.jsonl line {}: {} wrote it in schema {}; this is uringbench {}, which reads schema "
      "{}: use the version that wrote it",
      number, writer, schema->dump(), program_version(), kSchema));
}

/// Whoever computes with a case may rely on its ranges, as with one of the command line.
void check_case(std::size_t number, const Case& the_case) {
  const std::string why = why_out_of_range(the_case);
  if (!why.empty()) refuse_line(number, why);
}

bool is_blank(const std::string& line) {
  return line.find_first_not_of(" \t\r") == std::string::npos;
}

class RecordingBuilder {
 public:
  void add(std::size_t number, const Json& json) {
    const auto kind = json.at("record").get<std::string>();
    check_schema(number, json, recording_.environment);
    if (kind == "environment") {
      add_environment(json.get<Environment>());
    } else if (kind == "plan") {
      if (recording_.plan) refuse_second_study(number, "a second plan");
      recording_.plan = json.get<Plan>();
      for (const PlannedCase& each : recording_.plan->cases) check_case(number, each.the_case);
    } else if (kind == kGrowthRecord) {
      grow(Fields(json).at("reps").get<std::uint32_t>());
    } else if (kind == "sample") {
      if (!has_environment_) refuse_line(number, "a sample before the environment record");
      add_sample(number, json.get<Sample>());
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

  void grow(std::uint32_t reps) {
    if (!recording_.plan || reps <= recording_.plan->reps) return;
    Plan& plan = *recording_.plan;
    if (plan.reps_at_beginning == 0) plan.reps_at_beginning = plan.reps;
    plan.reps = reps;
  }

  void add_sample(std::size_t number, Sample sample) {
    check_case(number, sample.the_case);
    const std::size_t key = CaseHash()(sample.the_case) * 31 + sample.rep;
    const auto [first, last] = known_.equal_range(key);
    for (auto each = first; each != last; ++each) {
      const Sample& other = recording_.samples[each->second];
      if (other.the_case != sample.the_case || other.rep != sample.rep) continue;
      refuse_second_study(
          number, fmt::format("the same case and repetition as line {}", numbers_[each->second]));
    }
    known_.emplace(key, recording_.samples.size());
    numbers_.push_back(number);
    recording_.samples.push_back(std::move(sample));
  }

  Recording recording_;
  bool has_environment_ = false;
  std::unordered_multimap<std::size_t, std::size_t> known_;  ///< samples by case and repetition
  std::vector<std::size_t> numbers_;                         ///< their lines
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
