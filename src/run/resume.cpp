#include "uringbench/run/resume.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "uringbench/base/error.hpp"
#include "uringbench/base/units.hpp"
#include "uringbench/plan/schedule.hpp"

namespace ub::run {
namespace {

/// They come and go without anybody changing the machine; each environment record has its own.
constexpr std::array<std::string_view, 2> kVolatileFacts = {"load_average", "packet_sockets"};

bool is_volatile(const std::string& name) {
  return std::any_of(kVolatileFacts.begin(), kVolatileFacts.end(), [&](std::string_view fact) {
    return name == fact || name.ends_with(fmt::format(" {}", fact));
  });
}

std::string fact_of(const Facts& facts, const std::string& name) {
  const auto found = facts.find(name);
  return found == facts.end() ? "not recorded" : fmt::format("'{}'", found->second);
}

[[noreturn]] void refuse(std::string_view what, const std::string& difference) {
  throw UsageError(fmt::format("--resume: {}: {}; begin a new study with --out", what, difference));
}

std::string describe(const Case& c) {
  return fmt::format("{} of size {} with {} clients", mode_name(c), format_size(c.size_bytes),
                     c.clients);
}

/// "epoll-two-copy of size 64 with 1 clients is not in the file".
std::string first_difference(const Plans& plans) {
  const std::size_t shared = std::min(plans.then.cases.size(), plans.now.cases.size());
  for (std::size_t i = 0; i < shared; ++i) {
    const PlannedCase& then = plans.then.cases[i];
    const PlannedCase& now = plans.now.cases[i];
    if (then == now) continue;
    if (then.the_case == now.the_case) {
      return fmt::format("{} was {} and is {}", describe(now.the_case),
                         then.unavailable.empty() ? "available" : "unavailable",
                         now.unavailable.empty() ? "available" : now.unavailable);
    }
    return fmt::format("case {} is {} there and {} in the options, or differs in another factor",
                       i + 1, describe(then.the_case), describe(now.the_case));
  }
  return fmt::format("it has {} cases, the options make {}", plans.then.cases.size(),
                     plans.now.cases.size());
}

bool is_sample_of(const Sample& sample, const plan::Slot& slot, const Plan& plan) {
  return sample.the_case == plan.cases[slot.position].the_case && sample.block == slot.block &&
         sample.rep == slot.rep;
}

}  // namespace

void require_same_machine(const Environments& environments) {
  const Facts then = all_facts(environments.then);
  const Facts now = all_facts(environments.now);
  Facts names = then;
  names.insert(now.begin(), now.end());
  std::vector<std::string> differences;
  for (const auto& [name, unused] : names) {
    if (is_volatile(name) || fact_of(then, name) == fact_of(now, name)) continue;
    differences.push_back(
        fmt::format("{} was {} and is {}", name, fact_of(then, name), fact_of(now, name)));
  }
  if (!differences.empty()) {
    refuse("the machine or the program is not what it was",
           fmt::format("{}", fmt::join(differences, ", ")));
  }
}

void require_same_plan(const Plans& plans) {
  constexpr std::string_view kWhat = "the options name another study than the directory holds";
  if (plans.then == plans.now) return;
  if (plans.then.seed != plans.now.seed) {
    refuse(kWhat, fmt::format("--seed was {} and is {}", plans.then.seed, plans.now.seed));
  }
  if (plans.then.cases != plans.now.cases) refuse(kWhat, first_difference(plans));
  if (plans.then.hosts != plans.now.hosts) {
    refuse(kWhat,
           "one of --server, --load, --data-address, --data-port and --remote-program differs");
  }
  if (plans.then.histogram != plans.now.histogram) refuse(kWhat, "--histogram differs");
  if (plans.then.until != plans.now.until) refuse(kWhat, "--until-ci or --baseline differs");
  refuse(kWhat, fmt::format("it has {} repetitions, the options ask for {}", plans.then.reps,
                            plans.now.reps));
}

void require_beginning_of(const Plan& plan, const std::vector<Sample>& samples) {
  std::size_t at = 0;
  for (std::uint32_t block = 0; block < plan.reps && at < samples.size(); ++block) {
    for (const plan::Slot& slot : plan::block_schedule(plan, block)) {
      if (at == samples.size()) return;
      if (!is_sample_of(samples[at], slot, plan)) {
        refuse("samples.jsonl was changed",
               fmt::format("sample {} is {} of block {}, where its plan has {} of block {}", at + 1,
                           describe(samples[at].the_case), samples[at].block,
                           describe(plan.cases[slot.position].the_case), slot.block));
      }
      ++at;
    }
  }
  if (at < samples.size()) {
    refuse("samples.jsonl was changed",
           fmt::format("it holds {} samples, its plan {}", samples.size(), at));
  }
}

}  // namespace ub::run
