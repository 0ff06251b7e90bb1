#pragma once

#include <initializer_list>
#include <string_view>

#include "uringbench/report/forms.hpp"

/// How the forms are written down by hand.
namespace ub::report {

/// A field: {"name", "type", "meaning"}; a name that ends in "?" may be absent. The unit is that of
/// the name, or `unit`.
struct FieldText {
  std::string_view name;
  std::string_view type;
  std::string_view meaning;
  std::string_view unit = {};
};

FormRow form(std::string_view name, std::string_view meaning,
             std::initializer_list<FieldText> fields);

std::vector<FormRow> sample_forms();
std::vector<FormRow> analysis_forms();
/// The columns (src/report/csv.cpp).
std::vector<FieldRow> csv_columns();

}  // namespace ub::report
