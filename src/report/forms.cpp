// The forms of all files together.
#include "uringbench/report/forms.hpp"

#include <array>
#include <utility>

#include "form_rows.hpp"

namespace ub::report {

std::string_view unit_in(std::string_view name) {
  using Unit = std::pair<std::string_view, std::string_view>;
  static constexpr std::array kUnits{Unit{"_ns_per_message", "ns per message"},
                                     Unit{"_ns_per_byte", "ns per byte"},
                                     Unit{"ns_per_message", "ns per message"},
                                     Unit{"ns_per_byte", "ns per byte"},
                                     Unit{"_misses_per_byte", "misses per byte"},
                                     Unit{"_per_s", "per second"},
                                     Unit{"_per_second", "per second"},
                                     Unit{"_per_byte", "per byte"},
                                     Unit{"_per_operation", "per operation"},
                                     Unit{"_per_send", "per send"},
                                     Unit{"_gbps", "10^9 bits per second"},
                                     Unit{"_bps", "bits per second"},
                                     Unit{"_bytes", "bytes"},
                                     Unit{"_ns", "ns"},
                                     Unit{"_us", "us"},
                                     Unit{"_s", "s"},
                                     Unit{"_hz", "Hz"},
                                     Unit{"_share", "share of 1"}};
  for (const auto& [ending, unit] : kUnits) {
    if (name.ends_with(ending)) return unit;
  }
  return "";
}

FormRow form(std::string_view name, std::string_view meaning,
             std::initializer_list<FieldText> fields) {
  FormRow row{std::string(name), std::string(meaning), {}};
  for (const FieldText& each : fields) {
    const bool always = !each.name.ends_with('?');
    const std::string_view plain = each.name.substr(0, each.name.size() - (always ? 0 : 1));
    const std::string_view unit = each.unit.empty() ? unit_in(plain) : each.unit;
    row.fields.push_back({std::string(plain), std::string(each.type), std::string(unit),
                          std::string(each.meaning), always});
  }
  return row;
}

std::vector<HeldForms> all_forms() {
  return {
      {Holder::samples, "samples.jsonl",
       "One JSON object per line: the environment, the plan, then each sample as soon as it ended. "
       "`record` says which. A study that was resumed has further environments.",
       sample_forms()},
      {Holder::analysis, "The analysis: --format json",
       "Of `run` and `report` the form `analysis`, of `compare` the form `comparison`. Forms of "
       "samples.jsonl occur in it, too.",
       analysis_forms()},
      {Holder::csv,
       "CSV: --format csv",
       "One row per sample of the comparison, after a line with the names. A value that could not "
       "be had is an empty field, and the last column says why.",
       {{"row", "one sample", csv_columns()}}}};
}

}  // namespace ub::report
