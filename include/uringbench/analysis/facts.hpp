#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "uringbench/analysis/arrange.hpp"

/// What a case did, apart from how fast: true also where no time can be trusted. Pure functions.
namespace ub::analysis {

/// `none`: the path asks for no zero-copy. `unreported`: the kernel said nothing of its sends.
/// `partly`: neither so much was real nor so much copied that the rest is an exception.
enum class Copied { none, real, copied, partly, unreported };

std::string_view to_text(Copied copied);

/// A number that follows from what the kernel does, not from how fast it does it.
struct NumberFact {
  std::string_view key;   ///< in JSON and CSV: that of the metric
  std::string_view name;  ///< for people: "calls per operation"
  Metric metric;
};
std::span<const NumberFact> number_facts();

struct CaseFacts {
  Case the_case;
  std::size_t repetitions = 0;  ///< valid ones
  std::string status;           ///< "valid", or that of the repetitions that failed
  std::string reason;           ///< of the status
  Copied copied = Copied::none;
  std::optional<ZeroCopyCounts> counts;        ///< of zero-copy sends
  std::vector<std::optional<Spread>> numbers;  ///< in the order of number_facts()
  Facts granted;  ///< what the kernel granted, as far as all repetitions agree
};

CaseFacts facts_of(const Row& row);

/// Why a row has no valid sample: its status and reason; of one that has, "valid" and nothing.
Failure outcome_of(const Row& row);

/// One thing that a case did otherwise in `b` than in `a`.
struct FactChange {
  std::string variant;  ///< with its batch if that is not 1
  std::string title;    ///< of the place
  std::string fact;     ///< "available", "copied", "cause", the name of a number, what was granted
  std::string a;
  std::string b;
  Case example;

  friend bool operator==(const FactChange&, const FactChange&) = default;
};

/// Numbers differ when the ranges of their repetitions lie apart, and by more than this.
inline constexpr double kOtherNumber = 1.25;

/// `title`: of the place. A case that failed on one side is no change of what the kernel does;
/// only one that is unavailable there is.
std::vector<FactChange> changes_of(const CaseFacts& a, const CaseFacts& b,
                                   const std::string& title);

/// "real 100%", "copied 100% (local delivery)", "" of a path that asks for no zero-copy.
std::string copies_text(const CaseFacts& facts);

}  // namespace ub::analysis
