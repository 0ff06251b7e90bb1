#pragma once

#include <string>

namespace ub::report {

/// Three significant digits in at most 8 characters: "0.0123", "1.20", "56.2", "1234", "1.2e+06";
/// "0".
std::string short_number(double value);

/// Like short_number(), but with at most three decimals from 0.001 to 0.1: "0.079", for ratios.
std::string ratio_number(double value);

/// "26.1 M", "766 k": format_count(), but at most 8 characters for any value.
std::string short_count(double count);

/// A share as "100%", "99.8%", "48.3%", "<0.1%", "0%". Rounding never makes 100 % of less, nor 0 of
/// more.
std::string percent(double share);

/// Half a range over its middle: "+-15%", "+-2.6%", "<0.1%", ">999%"; at most 6 characters.
std::string spread_number(double half_range);

}  // namespace ub::report
