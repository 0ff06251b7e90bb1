#pragma once

#include <string>

namespace ub::report {

/// Fails the test unless `text` equals tests/report/golden/<name>. With UPDATE_GOLDEN=1 in the
/// environment it writes that file instead and skips the test.
void expect_golden(const std::string& name, const std::string& text);

/// The content of tests/report/golden/<name>.
std::string golden_text(const std::string& name);

}  // namespace ub::report
