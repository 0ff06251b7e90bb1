#pragma once

#include <string>
#include <vector>

#include "uringbench/model/json.hpp"
#include "uringbench/report/format.hpp"

/// What the formats are put together from.
namespace ub::report {

/// Program, kernel and CPU; nothing when none is known.
Page machine_line(const Environment& environment);

/// Which way is ahead at each size, and the command that may decide what is not; empty where no two
/// ways were compared. `reps`: those that the study has.
Page leaders_text(const std::vector<analysis::Leaders>& all, std::uint32_t reps);

/// The command that may decide what is not decided there, in one line; empty where none is known.
std::string next_text(const std::vector<analysis::Leaders>& all, std::uint32_t reps);

/// The finding that a study of zero-copy opens with, in sentences; none without one.
std::vector<std::string> finding_sentences(const analysis::Finding& finding);

/// Empty when there are no groups.
Page crossover_text(const std::vector<analysis::CrossoverGroup>& groups);

/// "uring-bundle x64, size 4K, 1 client": what tells a row from all others of its study.
std::string row_name(const analysis::Row& row, const std::string& title);

/// "FACTS ONLY: …"; empty without reasons.
std::string facts_only_sentence(const std::vector<std::string>& reasons);
/// The groups of a study by their facts, instead of by their speeds.
Page facts_text(const analysis::Analysis& analysis);
/// A table of what differs; empty without changes.
Page fact_changes_text(const std::vector<analysis::FactChange>& changes);

Page matrix_text(const analysis::Matrix& matrix, const Look& look);
/// part,study,title,variant,name,value,low,high,state,explanation: a row for each cell.
Page matrix_csv(const analysis::Matrix& matrix, const Look& look);

Page comparison_text(const analysis::StudyComparison& comparison);

/// "uring-send-zc saves 310 ns a message against …: slower by 1.30x". From the numbers alone.
std::string sentence_of(const analysis::Explanation& explanation);
Page explanation_text(const Environment& environment, const analysis::Explanation& explanation);

Page modes_text(const std::vector<ModeRow>& rows);
Page features_text(const std::vector<FeatureRow>& rows);
/// The worst first, with the reason and the command, which is never broken; what is well only by
/// name.
Page checks_text(const std::vector<CheckRow>& rows);
Page selftest_text(const std::vector<SelftestRow>& rows);
Page forms_text(const std::vector<HeldForms>& all);

/// Indented, or as one line. Bytes that are not UTF-8 are replaced by U+FFFD: a strange byte in a
/// reason must not cost the sample.
std::string json_text(const Json& json);
std::string json_line(const Json& json);
Json check_json(const CheckRow& row);

/// A field as RFC 4180 wants it: quoted if it holds a comma, a quote or a line break, quotes
/// doubled.
std::string csv_field(std::string_view text);

/// Names of the columns and one row, each a whole line. Lines end in LF, as every other text on
/// Linux. A value that could not be had is an empty field, never 0; the last column,
/// `unavailable_reason`, says why: "column, column: reason; column: reason". Units stand in the
/// names; `latency_us` is the median; counters are the server's and already scaled by their running
/// share, of which `counters_running` is the least of those printed.
std::string csv_header();
std::string csv_row(const Sample& sample);

}  // namespace ub::report
