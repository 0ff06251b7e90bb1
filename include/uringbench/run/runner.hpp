#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "uringbench/model/ledger.hpp"
#include "uringbench/model/plan.hpp"
#include "uringbench/model/sample.hpp"

namespace ub::run {

class Fleet;

/// `may_stretch`: on an emulated CPU, where no time means anything, a window that is longer than
/// asked is marked "stretched" and its facts stand; else the sample is invalid.
enum class Windows { as_asked, may_stretch };

/// What becomes of a sample with a mark that says MarkUse::take_again: it is taken again, within
/// bounds, or kept as it is.
enum class Disturbed { taken_again, kept };

struct RunnerOptions {
  /// The program to start for each role; it must understand `role` (see role.hpp).
  std::string program = "/proc/self/exe";
  bool report_usage = false;       ///< the kernel knows IORING_SEND_ZC_REPORT_USAGE
  Switch histogram = Switch::off;  ///< samples carry their latency histogram
  Windows windows = Windows::as_asked;
  std::uint64_t seed = 1;  ///< of what the load generator draws
  int interrupt_fd = -1;   ///< readable: stop now
  /// Counters of every sample. Empty: a set a repetition in turn (perf/counter_sets.hpp).
  std::vector<std::string> counters = {};
  ProfileScope profile = ProfileScope::role;  ///< of the plan's cases that are for profiling
  /// Told the folded stacks of each role ("server", "client") of a profiled sample, before the
  /// sample itself.
  std::function<void(const Case&, std::string_view role, const std::string& folded)> stacks = {};
  Disturbed disturbed = Disturbed::taken_again;
  /// Told the process ids of the two roles of each take when both have started; for tests that
  /// disturb them.
  std::function<void(int server, int client)> started = {};
  /// The hosts that the roles run on; null: this machine. Outlives the run.
  Fleet* fleet = nullptr;
};

/// Where a study stands.
struct Progress {
  std::size_t done = 0;           ///< samples, also those of an earlier run
  std::size_t total = 0;          ///< of a plan with a StopRule: at most
  std::size_t skipped = 0;        ///< of an earlier run
  const Case* running = nullptr;  ///< null when all is done
  std::optional<Sample> last;     ///< the last one of this run
};

/// What becomes of a study under way.
struct RunHooks {
  std::function<void(const Sample&)> take;  ///< every sample, as soon as it ends
  std::function<void(const Progress&)> progress;
};

enum class Completion { complete, interrupted };

/// Runs a plan: block after block, each case with processes and connections of its own. Every
/// sample goes to `take` as soon as it ends, also the failed and the unavailable ones. A host that
/// was lost is reached again, once, and the sample taken again; when it cannot be, the sample is
/// failed, and SetupError ends the study, which may be resumed. `earlier` are the samples that a
/// broken-off run took already, the first ones of the plan (require_beginning_of()); the rest
/// follows as if it had never stopped. Nothing it started is left behind when it returns or throws.
class Runner {
 public:
  explicit Runner(RunnerOptions options) : options_(std::move(options)) {}

  Completion run(const Plan& plan, const RunHooks& hooks,
                 const std::vector<Sample>& earlier = {}) const;

 private:
  RunnerOptions options_;
};

}  // namespace ub::run
