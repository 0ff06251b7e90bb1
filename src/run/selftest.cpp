#include "uringbench/run/selftest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "uringbench/plan/builder.hpp"

namespace ub::run {
namespace {

constexpr double kMostOtherwise = 0.01;

/// Eight fields of 16K fit one datagram's pieces. Of TCP that is dropped more than a segment: when
/// sends share one, all but the first are reported as copied whether they are or not
/// (link::copy_cause()), which would be judged as a contradiction.
const char* size_over(Link link) {
  return drops(link) && carries(link, Transport::tcp) ? "128K" : "16K";
}

/// The first link stands for all that copy.
std::vector<Link> tried_links() {
  std::vector<Link> links = all_links();
  std::erase_if(links, [](Link link) { return link != Case().link && !drops(link); });
  return links;
}

double share(std::uint64_t part, const ZeroCopyCounts& counts) {
  return static_cast<double>(part) /
         static_cast<double>(counts.real + counts.copied + counts.unreported);
}

Verdict verdict_of(const ZeroCopyCounts& counts, Link link) {
  if (counts.unreported > 0 && counts.real + counts.copied == 0) return Verdict::cannot_tell;
  const std::uint64_t expected = drops(link) ? counts.real : counts.copied;
  return share(expected, counts) >= 1 - kMostOtherwise ? Verdict::ok : Verdict::contradicts;
}

std::string said_of(const ZeroCopyCounts& counts) {
  std::string text;
  const auto add = [&](std::uint64_t count, std::string_view what) {
    if (count == 0) return;
    text += fmt::format("{}{:.3g}% {}", text.empty() ? "" : ", ", 100 * share(count, counts), what);
  };
  add(counts.real, "real");
  add(counts.copied, "copied");
  add(counts.unreported, "unreported");
  return text;
}

}  // namespace

std::string_view to_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::ok:
      return "ok";
    case Verdict::contradicts:
      return "CONTRADICTS";
    case Verdict::cannot_tell:
      return "cannot tell";
    case Verdict::not_judged:
      return "not judged";
    case Verdict::unavailable:
      return "unavailable";
  }
  return "";
}

Plan selftest_plan(const uring::Probe& probe) {
  // Windows are long enough for thousands of sends, and for one on a crowded machine.
  plan::StudyOptions options;
  for (const plan::Mode& mode : plan::all_modes(probe)) {
    if (mode.path->family == Family::zero_copy && mode.unavailable.empty()) {
      options.modes.push_back(mode.name());
    }
  }
  options.factors = {{"duration", {"150ms"}}, {"warmup", {"20ms"}}};
  Plan plan;
  for (const Link link : tried_links()) {
    options.factors["link"] = {std::string(to_text(link))};
    options.factors["size"] = {size_over(link)};
    Plan part = plan::build_plan(options, probe);
    part.cases.insert(part.cases.begin(), plan.cases.begin(), plan.cases.end());
    plan = std::move(part);
  }
  std::erase_if(plan.cases, [](const PlannedCase& planned) {
    return planned.the_case.purpose != Purpose::comparison;
  });
  return plan;
}

SelftestRow judge(const Sample& sample) {
  SelftestRow row;
  row.mode = mode_name(sample.the_case);
  row.link = sample.the_case.link;
  row.expected = drops(row.link) ? "real" : "copied";
  row.said = sample.reason;
  if (sample.status == Status::unavailable) return row;
  const bool counted = sample.zero_copy && sample.zero_copy->sends > 0;
  if (sample.status != Status::valid || !counted) {
    if (row.said.empty()) row.said = "no send was counted";
    row.verdict = Verdict::not_judged;
    return row;
  }
  row.verdict = verdict_of(*sample.zero_copy, row.link);
  row.said = said_of(*sample.zero_copy);
  row.cause = sample.zero_copy->cause;
  return row;
}

}  // namespace ub::run
