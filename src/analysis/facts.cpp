#include "uringbench/analysis/facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "uringbench/base/check.hpp"

namespace ub::analysis {
namespace {

double share(std::uint64_t part, const ZeroCopyCounts& counts) {
  return static_cast<double>(part) / released(counts);
}

Copied copied_of(const ZeroCopyCounts& counts) {
  if (released(counts) == 0) return Copied::unreported;
  if (share(counts.real, counts) >= 1 - kMostNotReal) return Copied::real;
  if (share(counts.copied, counts) >= 1 - kMostNotReal) return Copied::copied;
  return share(counts.unreported, counts) >= 1 - kMostNotReal ? Copied::unreported : Copied::partly;
}

/// What every valid sample of the row was granted alike.
Facts granted_to(const Row& row) {
  if (row.valid.empty()) return {};
  Facts facts = row.valid.front()->granted;
  for (const Sample* sample : row.valid) {
    std::erase_if(facts, [&](const auto& fact) {
      const auto other = sample->granted.find(fact.first);
      return other == sample->granted.end() || other->second != fact.second;
    });
  }
  return facts;
}

/// The ranges lie apart, and the medians by more than kOtherNumber. A number below this is as good
/// as none: one short send in a hundred is chance.
bool differ(const Spread& a, const Spread& b) {
  constexpr double kAsGoodAsNone = 0.02;
  const bool apart = a.max < b.min || b.max < a.min;
  const double low = std::max(std::min(a.median, b.median), kAsGoodAsNone);
  return apart && std::max(a.median, b.median) > kOtherNumber * low;
}

std::string number_text(double value) {
  return fmt::format("{:.3g}", value);
}

std::string percent_text(double part) {
  return fmt::format("{:.3g}%", 100 * part);
}

bool is_unavailable(const CaseFacts& facts) {
  return facts.status == to_text(Status::unavailable);
}

std::string granted_text(const Facts& facts, const std::string& name) {
  const auto found = facts.find(name);
  return found == facts.end() ? "-" : found->second;
}

/// Takes the changes of one pair.
class Changes {
 public:
  Changes(const CaseFacts& b, const std::string& title)
      : variant_(variant_and_batch(b.the_case)), title_(title), example_(b.the_case) {}
  void add(std::string_view fact, const std::string& a, const std::string& b) {
    all_.push_back({variant_, title_, std::string(fact), a, b, example_});
  }
  void add_if_other(std::string_view fact, const std::string& a, const std::string& b) {
    if (a != b) add(fact, a, b);
  }
  std::vector<FactChange> take() { return std::move(all_); }

 private:
  std::string variant_;
  const std::string& title_;
  const Case& example_;
  std::vector<FactChange> all_;
};

void add_copies(Changes& changes, const CaseFacts& a, const CaseFacts& b) {
  if (a.copied != b.copied) {
    changes.add("copied", copies_text(a), copies_text(b));
  } else if (a.counts && b.counts) {
    changes.add_if_other("cause of copying", a.counts->cause, b.counts->cause);
  }
}

void add_numbers(Changes& changes, const CaseFacts& a, const CaseFacts& b) {
  for (std::size_t i = 0; i < number_facts().size(); ++i) {
    if (!a.numbers[i] || !b.numbers[i] || !differ(*a.numbers[i], *b.numbers[i])) continue;
    changes.add(number_facts()[i].name, number_text(a.numbers[i]->median),
                number_text(b.numbers[i]->median));
  }
}

void add_granted(Changes& changes, const CaseFacts& a, const CaseFacts& b) {
  Facts names = a.granted;
  names.insert(b.granted.begin(), b.granted.end());
  names.erase(
      "ring_features");  // bits of the kernel, not of the case; the probe tells them by name
  for (const auto& [name, text] : names) {
    changes.add_if_other("granted " + name, granted_text(a.granted, name),
                         granted_text(b.granted, name));
  }
}

}  // namespace

std::string_view to_text(Copied copied) {
  switch (copied) {
    case Copied::none:
      return "none";
    case Copied::real:
      return "real";
    case Copied::copied:
      return "copied";
    case Copied::partly:
      return "partly";
    case Copied::unreported:
      return "unreported";
  }
  fail_check("every way of copying has a name");
}

std::span<const NumberFact> number_facts() {
  static constexpr std::array kNumbers = std::to_array<NumberFact>({
      {"system_calls_per_operation", "calls per operation", system_calls_per_operation},
      {"completions_per_operation", "completions per operation", completions_per_operation},
      {"notifications_per_send", "notifications per send", notifications_per_send},
      {"short_sends_per_operation", "short sends per operation", short_sends_per_operation},
  });
  return kNumbers;
}

Failure outcome_of(const Row& row) {
  if (!row.valid.empty()) return {std::string(to_text(Status::valid)), "", row.valid.size()};
  const auto most =
      std::max_element(row.failures.begin(), row.failures.end(),
                       [](const Failure& x, const Failure& y) { return x.count < y.count; });
  if (most == row.failures.end()) return {"not run", "", 0};
  return *most;
}

CaseFacts facts_of(const Row& row) {
  const Failure outcome = outcome_of(row);
  CaseFacts facts;
  facts.the_case = row.the_case;
  facts.repetitions = row.valid.size();
  facts.status = outcome.status;
  facts.reason = outcome.reason;
  facts.granted = granted_to(row);
  if (row.the_case.family == Family::zero_copy && !row.valid.empty()) {
    facts.counts = zero_copy_of(row);
    facts.copied = copied_of(*facts.counts);
  }
  for (const NumberFact& each : number_facts()) {
    facts.numbers.push_back(spread_of(row, each.metric));
  }
  return facts;
}

std::vector<FactChange> changes_of(const CaseFacts& a, const CaseFacts& b,
                                   const std::string& title) {
  Changes changes(b, title);
  const bool both = a.repetitions > 0 && b.repetitions > 0;
  if (is_unavailable(a) != is_unavailable(b) && (a.repetitions > 0 || b.repetitions > 0)) {
    const auto text = [](const CaseFacts& side) {
      return is_unavailable(side) ? "no: " + side.reason : std::string("yes");
    };
    changes.add("available", text(a), text(b));
  }
  if (both) {
    add_copies(changes, a, b);
    add_numbers(changes, a, b);
    add_granted(changes, a, b);
  }
  return changes.take();
}

std::string copies_text(const CaseFacts& facts) {
  if (!facts.counts) return "";
  const ZeroCopyCounts& counts = *facts.counts;
  const std::string cause = counts.cause.empty() ? "" : fmt::format(" ({})", counts.cause);
  switch (facts.copied) {
    case Copied::none:
      return "";
    case Copied::real:
      return "real " + percent_text(share(counts.real, counts));
    case Copied::copied:
      return fmt::format("copied {}{}", percent_text(share(counts.copied, counts)), cause);
    case Copied::partly:
      return fmt::format("real {}, copied {}{}", percent_text(share(counts.real, counts)),
                         percent_text(share(counts.copied, counts)), cause);
    case Copied::unreported:
      break;
  }
  return "unreported";
}

}  // namespace ub::analysis
