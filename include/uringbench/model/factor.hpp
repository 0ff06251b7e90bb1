#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "uringbench/model/case.hpp"
#include "uringbench/model/json_fields.hpp"

/// The factor table: one row for everything that a study varies. The command line, its help and
/// completion, plan files, the product of lists, the JSON of a case, CSV columns, heads and titles
/// of tables, names of variants, ablation and every "equal but for" derive from it. Adding a factor
/// is a member of Case, a row of src/model/factors_*.cpp, and the place where it acts.
namespace ub {

enum class FactorKind {
  variant,    ///< what is compared: engine, path, batch, ring features
  condition,  ///< under what it is compared: workload, size, clients, link
  setting,    ///< how it is measured: CPUs, warm-up, window. Takes one value, no list
};

/// The headings of --help, in its order.
enum class OptionGroup { load, requests, server, ring, sockets, repetition };
std::string_view heading(OptionGroup group);

/// The order of the product: `size` varies fastest, then `clients`, then all others, of which the
/// first of the table varies slowest. It is the order of the rows and groups of a table.
enum class Varies { slowly, faster, fastest };

/// A value to try in place of the default where each feature is tried alone (ablation).
struct Alternative {
  std::string value;
  bool together = false;  ///< it also goes into the case that has all features at once
};

/// What a path must have for a factor to mean something, beyond what a case says.
enum class PathNeed { nothing, notifications, send_flags };

/// The part of a row that is written by hand. What is left out is empty or has its default.
struct FactorText {
  std::string_view option = {};        ///< "size" for --size; empty: made from other factors
  std::string_view short_option = {};  ///< "s"
  std::string_view other_option = {};  ///< a second long name
  std::string_view key = {};           ///< name in the JSON of a case; never changes its meaning
  std::string_view column = {};        ///< name in CSV; empty: as `key`
  FactorKind kind = FactorKind::condition;
  OptionGroup group = OptionGroup::load;
  Varies varies = Varies::slowly;
  std::string_view help = {};           ///< without range and default, which are added
  std::string_view default_value = {};  ///< as typed; empty: the default of Case's member, or see
                                        ///< `default_note`
  std::string_view default_note = {};   ///< help of a default that depends on other things
  std::string_view example = {};       ///< a value that differs from the default, for tests; empty:
                                       ///< the form knows one
  std::string_view example_with = {};  ///< further options that this example needs
  bool flag = false;                   ///< a switch that may be typed without a value
  bool always_recorded = true;         ///< false: older files lack it, and then it has its default
  bool recorded_when_idle = true;  ///< false: left out of the JSON of a case that has no use for it
  bool follows_size = false;       ///< it changes with the size, so sizes are comparable without it
  PathNeed path_need = PathNeed::nothing;
  std::vector<Alternative> alternatives = {};  ///< of variants
  /// Why a case has no use for it, as the end of "--option: …"; empty where it has. A case without
  /// use for a factor has its default. Null: every case has.
  std::string (*why_idle)(const Case&) = nullptr;
  /// Why its value cannot go with the other factors of the case, as a whole sentence with option,
  /// value and what would be accepted; empty where it can. Null: it always can.
  std::string (*why_impossible)(const Case&) = nullptr;
  /// With its name, for heads and titles of tables: "nodelay off"; empty: left out there.
  std::string (*title)(const Case&) = nullptr;
  /// What the name of a variant gets for a value that is not the default: "spin". Null: nothing.
  std::string (*suffix)(const Case&) = nullptr;
};

/// A row. The functions never fail except `parse` (UsageError with option, value and what would be
/// accepted) and `from_json` (Json::exception). Immutable; any thread.
struct Factor : FactorText {
  std::string_view type;               ///< of its value, in help: "SIZE"
  std::string range;                   ///< "1 to 16M", for help; empty without one
  std::vector<std::string> values;     ///< every accepted text, where these are few and fixed
  std::string example_value;           ///< `example`, or the form's own
  std::vector<std::string_view> keys;  ///< all names in the JSON of a case; the first is `key`

  std::function<void(Case&, const std::string&)> parse;
  std::function<std::string(const Case&)> print;  ///< as `parse` reads it
  std::function<void(Json&, const Case&)> to_json;
  std::function<void(const Fields&, Case&)> from_json;
  std::function<void(Case&, const Case&)> copy;  ///< to the first, from the second
  std::function<bool(const Case&, const Case&)> equal;
  std::function<std::size_t(const Case&)> hash;
  std::function<bool(const Case&)> in_range;  ///< whether the value could have been typed

  [[nodiscard]] bool takes_list() const { return kind != FactorKind::setting; }
  [[nodiscard]] std::string idle_reason(const Case& c) const {
    return why_idle == nullptr ? std::string() : why_idle(c);
  }
  [[nodiscard]] std::string title_of(const Case& c) const {
    return title == nullptr ? std::string() : title(c);
  }
};

/// Every factor, in the order of tables and of --help within a group.
std::span<const Factor> factors();

/// Null when no factor has that option (without dashes).
const Factor* find_factor(std::string_view option);

/// The case with every variant factor at its default: two cases are comparable, and rows of one
/// table, when the rest is equal.
Case with_default_variants(Case the_case);

/// The case without what only says how it was measured (FactorKind::setting).
Case with_default_settings(Case the_case);

/// Equal in all but variants, size and what follows from the size: points of one curve.
bool same_but_for_variant_and_size(const Case& left, const Case& right);

/// Equal in all but engine, path, family and batch.
bool same_but_for_mode(const Case& left, const Case& right);

/// The names in the JSON of a case of all factors of `kind`, and "mode" with the variants.
std::vector<std::string_view> keys_of(FactorKind kind);

/// The mode plus every variant factor that is not its default: "uring-two-copy+single+spin". What a
/// row of a comparison is called. The batch is not in it, since each path has its own default.
std::string variant_name(const Case& the_case);

/// For containers of many cases.
struct CaseHash {
  std::size_t operator()(const Case& the_case) const;
};

/// The first factor whose value cannot go with the others, by the rows' `why_impossible`; empty
/// where there is none. What depends on paths and kernels, `plan` says.
std::string why_impossible(const Case& the_case);

/// Checks a case from a file or a peer: the first factor whose value could not have been typed, in
/// one sentence; empty where there is none.
std::string why_out_of_range(const Case& the_case);

}  // namespace ub
