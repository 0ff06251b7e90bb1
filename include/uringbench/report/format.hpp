#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "uringbench/analysis/analysis.hpp"
#include "uringbench/analysis/compare_studies.hpp"
#include "uringbench/analysis/explanation.hpp"
#include "uringbench/analysis/matrix.hpp"
#include "uringbench/report/forms.hpp"
#include "uringbench/report/lists.hpp"
#include "uringbench/report/page.hpp"

/// The one way to choose an output: `--format`. A format is one descriptor, in one file of
/// src/report, and one line of formats.def; options, help, completion and refusals are made from
/// it.
namespace ub::report {

/// What a format can be asked to render. Every function is pure; null: this format has none for
/// that.
struct Format {
  std::string_view name;
  std::string_view help;           ///< what it holds, for --help: "tables for people"
  std::string_view old_name = {};  ///< also accepted, for one version
  std::string_view file = {};      ///< a study that is kept (--out) holds it by this name
  /// Why this build has it not, and what mends that; empty where it has.
  std::string_view unavailable = {};
  /// For a study while it runs, in this order: once, then every sample as it comes, which is
  /// flushed so that an interrupted study keeps what it has.
  std::string (*begin)(const Environment&, const Plan&) = nullptr;
  std::string (*sample)(const Sample&) = nullptr;
  /// For a study at its end.
  Page (*study)(const analysis::StudyData&, const analysis::Analysis&, const Look&) = nullptr;
  std::string_view none = {};  ///< what is said on standard error when `study` gives nothing
  /// For several studies side by side.
  Page (*matrix)(const analysis::Matrix&, const Look&) = nullptr;
  Page (*comparison)(const analysis::StudyComparison&) = nullptr;
  Page (*explanation)(const Environment&, const analysis::Explanation&) = nullptr;
  Page (*modes)(const std::vector<ModeRow>&) = nullptr;
  Page (*features)(const std::vector<FeatureRow>&) = nullptr;
  Page (*checks)(const std::vector<CheckRow>&) = nullptr;
  Page (*selftest)(const std::vector<SelftestRow>&) = nullptr;
  Page (*forms)(const std::vector<HeldForms>&) = nullptr;
};

/// In the order of formats.def; the first is the default.
std::span<const Format> formats();

enum class Input {
  study,
  matrix,
  comparison,
  explanation,
  modes,
  features,
  checks,
  selftest,
  forms
};

/// Whether the format renders that.
bool takes(const Format& format, Input input);

/// Whether a study that is kept by this build holds a file of the format beside its samples.
bool is_kept(const Format& format);
/// The names of these files.
std::vector<std::string> kept_files();

/// Names of the formats that render `input`.
std::vector<std::string> format_names(Input input);

/// "text: tables for people (the default); json: …", of the formats that render `input`.
std::string format_help(Input input);

/// Throws UsageError, which lists what would be accepted, when no format of that name renders
/// `input`, and where this build has it not.
const Format& format_named(std::string_view name, Input input);

/// Writes one study in one format as it runs: begin(), then sample() in any order, then end().
/// Measures nothing and reads no clock, so the same data always give the same bytes. Keeps no
/// sample. Not thread-safe.
class StudyWriter {
 public:
  /// `out` must outlive the writer.
  StudyWriter(const Format& format, std::ostream& out, Look look)
      : format_(&format), out_(&out), look_(std::move(look)) {}

  void begin(const Environment& environment, const Plan& plan);
  void sample(const Sample& sample);
  /// Whether end() has something to write.
  [[nodiscard]] bool needs_analysis() const { return format_->study != nullptr; }
  /// What is to be said on standard error: nothing, or Format::none when nothing was written.
  std::string_view end(const analysis::StudyData& study, const analysis::Analysis& analysis);

 private:
  const Format* format_;
  std::ostream* out_;
  Look look_;
};

/// The licences of what others made and what travels inside the program.
std::string_view licences();

}  // namespace ub::report
