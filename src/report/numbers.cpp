#include "numbers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "uringbench/base/units.hpp"

namespace ub::report {

std::string short_number(double value) {
  if (value == 0) return "0";
  if (value < 0.001 || value >= 99999.5) return fmt::format("{:.1e}", value);
  if (value >= 99.95) return fmt::format("{:.0f}", value);
  const int decimals = value >= 9.995 ? 1 : value >= 0.9995 ? 2 : value >= 0.09995 ? 3 : 4;
  return fmt::format("{:.{}f}", value, decimals);
}

std::string ratio_number(double value) {
  if (value < 0.001 || value >= 0.0995) return short_number(value);
  return fmt::format("{:.3f}", value);
}

std::string short_count(double count) {
  constexpr double kFirstTooLong = 999.5e9;  // format_count() has no prefix above G
  return count < kFirstTooLong ? format_count(count) : short_number(count);
}

std::string percent(double share) {
  if (share == 0) return "0%";
  if (share < 0.001) return "<0.1%";
  if (share > 9.995) return ">999%";
  if (share >= 1) return fmt::format("{:.0f}%", share * 100);
  const double rounded_to_less_than_whole = std::min(share * 100, 99.9);
  return fmt::format("{:.1f}%", rounded_to_less_than_whole);
}

std::string spread_number(double half_range) {
  if (half_range == 0) return "+-0%";
  if (half_range < 0.001) return "<0.1%";
  if (half_range > 9.995) return ">999%";
  return fmt::format("+-{:.{}f}%", half_range * 100, half_range < 0.0995 ? 1 : 0);
}

}  // namespace ub::report
