#include "copies.hpp"

#include <fmt/format.h>

#include "numbers.hpp"

namespace ub::report {
namespace {

/// The share of copied, or of unreported, sends that a row may have and still be called zero-copy.
constexpr double kMostNotReal = 0.01;

/// Of the sends whose release was counted: `sends` may be ahead of them while notifications are
/// under way.
double released(const ZeroCopyCounts& counts) {
  return static_cast<double>(counts.real + counts.copied + counts.unreported);
}

}  // namespace

bool was_copied(const ZeroCopyCounts& counts) {
  return static_cast<double>(counts.copied) > kMostNotReal * released(counts);
}

bool was_really_copied(const ZeroCopyCounts& counts) {
  return was_copied(counts) && counts.cause != kJoinedNotifications;
}

std::string zero_copy_label(const ZeroCopyCounts& counts) {
  const double all = released(counts);
  if (all == 0) return "zero-copy asked, nothing reported";
  const double copied = static_cast<double>(counts.copied) / all;
  const double unreported = static_cast<double>(counts.unreported) / all;
  if (!was_copied(counts) && unreported <= kMostNotReal) {
    return fmt::format("zero-copy, real {}", percent(static_cast<double>(counts.real) / all));
  }
  std::string label = "zero-copy asked";
  if (was_copied(counts)) {
    label += fmt::format(", {} copied", percent(copied));
    if (!counts.cause.empty()) label += fmt::format(" ({})", counts.cause);
  }
  if (unreported > kMostNotReal) label += fmt::format(", {} unreported", percent(unreported));
  return label;
}

}  // namespace ub::report
