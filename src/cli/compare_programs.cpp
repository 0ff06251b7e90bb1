// compare --program A,B: two builds of the program in one study.
#include "compare_programs.hpp"

#include <fmt/format.h>

#include <array>
#include <filesystem>

#include "measuring.hpp"
#include "notice.hpp"
#include "other_program.hpp"
#include "progress.hpp"
#include "site.hpp"
#include "uringbench/base/build.hpp"
#include "uringbench/base/error.hpp"
#include "uringbench/plan/builder.hpp"
#include "uringbench/plan/schedule.hpp"
#include "uringbench/record/journal.hpp"
#include "uringbench/role/environment.hpp"
#include "uringbench/run/interrupt.hpp"
#include "uringbench/stats/random.hpp"

namespace ub::cli {
namespace {

void refuse_what_means_nothing(const CompareArguments& compare, const RunArguments& study) {
  const auto refuse_option = [](std::string_view option, bool given) {
    if (!given) return;
    throw UsageError(fmt::format("{}: means nothing to `compare --program`; leave it out", option));
  };
  if (!compare.studies.empty()) {
    throw UsageError(fmt::format(
        "compare: '{}' is a directory, and --program measures anew; give the one or the other",
        compare.studies.front()));
  }
  refuse_option("--resume", !study.resume.empty());
  refuse_option("--until-ci", !study.until_ci.empty());
  refuse_option("--max-reps", !study.max_reps.empty());
  refuse_option("--profile", study.profile);
  refuse_option("--profile-cpus", study.profile_cpus);
  refuse_option("--baseline", !study.baseline.empty());
  refuse_option("--output", !study.output.empty());
  require_one_machine(hosts_of(study), "compare --program");
}

/// posix_spawnp(3) looks for a name without a slash in PATH; here a file is meant.
std::string from_here(const std::string& program) {
  return program.find('/') == std::string::npos ? "./" + program : program;
}

/// Only what is compared: the programs are each other's noise, drift and harness.
Plan plan_of(RunArguments arguments, const uring::Probe& probe) {
  constexpr int kReps = 8;  // from here on a claim is checked without assumptions, too
  if (arguments.reps.empty()) arguments.reps = fmt::format("{}", kReps);
  Plan plan = plan::build_plan(to_study(arguments), probe);
  std::erase_if(plan.cases, [](const PlannedCase& planned) {
    return planned.the_case.purpose != Purpose::comparison;
  });
  return plan;
}

/// One of the two programs, and what it measured.
class Side {
 public:
  Side(const std::string& program, const Plan& plan, const Environment& environment,
       const std::filesystem::path& directory, const run::RunnerOptions& options)
      : runner_([&] {
          run::RunnerOptions own = options;
          own.program = program;
          return own;
        }()) {
    one_ = plan;
    one_.reps = 1;
    study_.plan = plan;
    study_.environment = environment;
    study_.environment.facts["program"] = program_named(program);
    if (!directory.empty())
      journal_.emplace(directory, record::StudyHead{study_.environment, plan});
  }

  /// False: interrupted.
  bool take(const PlannedCase& planned, const plan::Slot& slot) {
    one_.cases = {planned};
    const auto keep = [&](Sample sample) {
      sample.rep = slot.rep;
      sample.block = slot.block;
      if (journal_) journal_->append(sample);
      study_.samples.push_back(std::move(sample));
    };
    const auto nothing = [](const run::Progress&) {};
    return runner_.run(one_, {.take = keep, .progress = nothing}) == run::Completion::complete;
  }

  [[nodiscard]] const Sample& last() const { return study_.samples.back(); }
  analysis::StudyData finish() { return std::move(study_); }

 private:
  run::Runner runner_;
  Plan one_;  ///< of a slot
  analysis::StudyData study_;
  std::optional<record::Journal> journal_;
};

/// Both programs at every slot of the plan, right after each other.
bool take_all(const Plan& plan, std::array<Side, 2>& sides) {
  ProgressLine line;
  stats::Random random(plan.seed);
  run::Progress at;
  at.total = std::size_t{2} * plan.reps * plan.cases.size();
  for (std::uint32_t block = 0; block < plan.reps; ++block) {
    for (const plan::Slot& slot : plan::block_schedule(plan, block)) {
      const PlannedCase& planned = plan.cases[slot.position];
      const std::size_t first = random.below(2);
      for (const std::size_t turn : {first, 1 - first}) {
        at.running = &planned.the_case;
        line.show(at);
        if (!sides[turn].take(planned, slot)) return false;
        at.last = sides[turn].last();
        ++at.done;
      }
    }
  }
  return true;
}

}  // namespace

std::optional<ProgramStudies> take_programs_in_turn(const CompareArguments& arguments,
                                                    const RunArguments& study) {
  refuse_what_means_nothing(arguments, study);
  if (arguments.programs.size() != 2) {
    throw UsageError(fmt::format("--program: {} programs were given; it takes two, A,B",
                                 arguments.programs.size()));
  }
  const std::array programs{from_here(arguments.programs[0]), from_here(arguments.programs[1])};
  for (const std::string& program : programs) require_same_protocol(program);
  const uring::Probe probe = uring::Probe::run();
  const Plan plan = plan_of(study, probe);
  const Environment environment = role::describe_environment(probe, plan.seed);
  notice(build_warning());
  const run::Interrupt interrupt;
  const run::RunnerOptions options = runner_options(plan, probe, interrupt);
  const auto directory = [&](const char* name) {
    return study.out.empty() ? std::filesystem::path() : std::filesystem::path(study.out) / name;
  };
  std::array<Side, 2> sides{Side(programs[0], plan, environment, directory("a"), options),
                            Side(programs[1], plan, environment, directory("b"), options)};
  if (!take_all(plan, sides)) {
    notice(study.out.empty() ? "interrupted: nothing is kept without --out"
                             : "interrupted: what was measured until now is kept");
    return std::nullopt;
  }
  return ProgramStudies{sides[0].finish(), sides[1].finish()};
}

}  // namespace ub::cli
