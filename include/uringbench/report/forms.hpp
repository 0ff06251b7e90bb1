#pragma once

#include <string>
#include <string_view>
#include <vector>

/// What stands in the files and in the JSON that the program writes: every object with every field,
/// for docs/samples.md and its JSON Schema. Fields of factors, counts and metrics are made from
/// their tables.
namespace ub::report {

/// A field of an object, or a column of CSV.
///
/// `type` is "integer", "number", "text", "boolean", "any", a text in quotes (only that text), or
/// the name of a form; then suffixes, the last of which is the outermost: "[]" a list, "{}" an
/// object of such values by names that are not fixed, "?" or null, "!" or {"unavailable": reason}.
struct FieldRow {
  std::string name;
  std::string type;
  std::string unit;  ///< empty: none, or as the meaning says
  std::string meaning;
  bool always = true;  ///< else some objects, or those of older programs, lack it
};

/// One form of object.
struct FormRow {
  std::string name;     ///< "sample"
  std::string meaning;  ///< what such an object is
  std::vector<FieldRow> fields;
};

/// Where the forms are found.
enum class Holder {
  samples,   ///< the lines of samples.jsonl, and the forms that only stand there
  analysis,  ///< `--format json` of a study or a comparison
  csv,       ///< one form, whose fields are the columns
};

struct HeldForms {
  Holder holder = Holder::samples;
  std::string title;
  std::string meaning;
  std::vector<FormRow> forms;  ///< those that stand for themselves first
};

/// All of them, in the order of the document.
std::vector<HeldForms> all_forms();

/// The unit that the end of a name says: "bytes" of "size_bytes"; empty where it says none.
std::string_view unit_in(std::string_view name);

}  // namespace ub::report
