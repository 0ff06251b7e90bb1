#pragma once

#include "arguments.hpp"
#include "site.hpp"
#include "uringbench/model/environment.hpp"

/// `--rate 25%,50%,90%`: shares of what the slowest mode can answer, so that all modes are compared
/// at loads that none of them refuses.
namespace ub::cli {

/// A study whose shares have become rates.
struct AtShares {
  RunArguments arguments;
  Facts facts;  ///< for the environment: what was measured, and what the rates are shares of
};

/// Measures the capacity, in a closed loop that keeps many requests in flight, and puts rates in
/// the place of the shares. Without shares nothing is measured. Throws UsageError for a share that
/// is none, and SetupError where no capacity could be had.
AtShares at_shares(RunArguments arguments, Site& site);

/// Throws UsageError for a share in options of a study that goes on: its plan holds the rates.
void refuse_shares(const RunArguments& arguments);

}  // namespace ub::cli
