// uringbench list and probe: what can be had here.
#include <fmt/format.h>

#include <iostream>

#include "commands.hpp"
#include "outputs.hpp"
#include "uringbench/base/check.hpp"
#include "uringbench/base/kernel_feature.hpp"
#include "uringbench/perf/counter_board.hpp"
#include "uringbench/plan/builder.hpp"
#include "uringbench/report/format.hpp"

namespace ub::cli {
namespace {

std::vector<report::ModeRow> mode_rows(const uring::Probe& probe) {
  std::vector<report::ModeRow> rows;
  for (const EngineKind engine : {EngineKind::pthread, EngineKind::epoll, EngineKind::uring}) {
    for (const path::Descriptor& path : path::registry()) {
      rows.push_back({mode_name(engine, path.name), path.family, std::string(path.summary),
                      std::string(path.copies),
                      path::why_unavailable(engine, path, probe).value_or(""),
                      path::why_unknown(engine, path, probe).value_or("")});
    }
  }
  return rows;
}

report::Supported supported(uring::Support support) {
  switch (support) {
    case uring::Support::present:
      return report::Supported::yes;
    case uring::Support::missing:
      return report::Supported::no;
    case uring::Support::untried:
      return report::Supported::unknown;
  }
  fail_check("every support can be listed");
}

void add_ring_features(std::vector<report::FeatureRow>& rows, const uring::Probe& probe) {
  for (const uring::Finding& finding : probe.findings()) {
    rows.push_back({std::string(finding.name), supported(finding.support), std::string(finding.how),
                    std::string(finding.since), finding.detail});
    if (const KernelFeature* known = find_kernel_feature(finding.name)) {
      rows.back().changes = known->changes;
      rows.back().evidence = known->evidence;
    }
  }
}

report::FeatureRow row_of(std::string_view kind, const perf::CounterStatus& status,
                          std::string_view how) {
  return {fmt::format("{} {}", kind, status.name),
          status.unavailable ? report::Supported::no : report::Supported::yes, std::string(how), "",
          status.unavailable ? status.unavailable->reason : status.meaning};
}

void add_counters(std::vector<report::FeatureRow>& rows) {
  for (const perf::CounterStatus& counter : perf::list_counters()) {
    rows.push_back(row_of("counter", counter, "opened and read"));
  }
  for (const perf::CounterStatus& sampler : perf::list_samplers()) {
    rows.push_back(row_of("sampler", sampler, "opened"));
  }
}

}  // namespace

int list(const std::string& format) {
  const report::Format& how = report::format_named(format, report::Input::modes);
  report::write(std::cout, how.modes(mode_rows(uring::Probe::run())), look_of_output());
  return kDone;
}

int fields(const std::string& format) {
  const report::Format& how = report::format_named(format, report::Input::forms);
  report::write(std::cout, how.forms(report::all_forms()), look_of_output());
  return kDone;
}

int probe(const std::string& format) {
  const report::Format& how = report::format_named(format, report::Input::features);
  std::vector<report::FeatureRow> rows;
  add_ring_features(rows, uring::Probe::run());
  add_counters(rows);
  report::write(std::cout, how.features(rows), look_of_output());
  return kDone;
}

}  // namespace ub::cli
