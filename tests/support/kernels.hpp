#pragma once

#include <algorithm>
#include <vector>

#include "uringbench/plan/options.hpp"
#include "uringbench/uring/probe.hpp"

/// Kernels that the builder is told of, whatever this one is.
namespace ub::plan {

inline std::vector<uring::Finding> all_findings() {
  std::vector<uring::Finding> findings;
  for (int i = 0; i <= static_cast<int>(uring::Feature::buffer_ring_incremental); ++i) {
    findings.push_back({.feature = static_cast<uring::Feature>(i),
                        .name = "A_FEATURE",
                        .since = "6.99",
                        .support = uring::Support::present,
                        .how = "trial",
                        .detail = "accepted"});
  }
  return findings;
}

inline uring::Probe newest_kernel() {
  return uring::Probe(all_findings());
}

inline uring::Probe kernel_without(uring::Feature lacking) {
  auto findings = all_findings();
  for (uring::Finding& finding : findings) {
    if (finding.feature != lacking) continue;
    finding.support = uring::Support::missing;
    finding.detail = "EINVAL (Invalid argument)";
  }
  return uring::Probe(std::move(findings));
}

inline uring::Probe kernel_that_forbids_io_uring() {
  auto findings = all_findings();
  for (uring::Finding& finding : findings) {
    finding.support = uring::Support::missing;
    finding.how = "set-up trial";
    finding.detail = "io_uring_setup: EPERM: io_uring is forbidden here";
  }
  return uring::Probe(std::move(findings));
}

/// The smallest study: each test changes what it is about.
inline StudyOptions small_study(std::vector<std::string> modes = {"pthread"}) {
  StudyOptions options;
  options.modes = std::move(modes);
  options.factors["size"] = {"64"};
  options.factors["clients"] = {"1"};
  return options;
}

}  // namespace ub::plan
