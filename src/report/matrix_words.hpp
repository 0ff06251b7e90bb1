#pragma once

#include <string>

#include "uringbench/analysis/matrix.hpp"

/// The words of a matrix of studies, alike in text, CSV and the page.
namespace ub::report {

/// What a table calls a study: "A", "B", …; from the 27th on "S27".
std::string study_letter(std::size_t study);

/// "uring-bundle 1.30x", "uring-bundle 1.30x or 2 others, not resolved", or why there is none. The
/// ratio is to the baseline on that machine; "=" where it is the baseline.
std::string winner_text(const analysis::MatrixWinner& winner);

/// "real 100%", "copied 100% (local delivery)", "yes" of a path that asks for no zero-copy,
/// "no: reason", "failed: reason", "-" where the plan has it not.
std::string facts_cell(const std::optional<analysis::CaseFacts>& facts);

/// "12.3 KiB [8 KiB, 16 KiB]", several behind each other; "never", "undecided", "-".
std::string crossing_cell(const std::optional<stats::Crossover>& found);

/// The features that explain a change, or "unexplained".
std::string explanation_of(const analysis::MatrixChange& change);

/// Whether all studies say the same of the case, or have it not.
bool all_alike(const analysis::MatrixFacts& facts);

}  // namespace ub::report
