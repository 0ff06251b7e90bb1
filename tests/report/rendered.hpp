#pragma once

#include <string>
#include <vector>

#include "support/studies.hpp"
#include "uringbench/report/format.hpp"

namespace ub::report {

using namespace test;

struct TableOptions {
  std::string baseline;
  std::string build_warning;
  Colour colour = Colour::off;
  std::size_t columns = kFileColumns;
};

/// What a study gives in a format, as a StudyWriter writes it.
std::string rendered(const std::string& format, const Plan& plan,
                     const std::vector<Sample>& samples, const TableOptions& options = {});

/// The same in the format `text`.
std::string table_of(const Plan& plan, const std::vector<Sample>& samples,
                     const TableOptions& options = {});
std::string table_of(const std::vector<Sample>& samples, const TableOptions& options = {});

TableOptions with_baseline(const std::string& mode);
TableOptions with_colour();

/// Fails the test unless `text` equals tests/report/golden/<name>. With UPDATE_GOLDEN=1 in the
/// environment it writes that file instead and skips the test.
void expect_golden(const std::string& name, const std::string& text);

/// The content of tests/report/golden/<name>.
std::string golden_text(const std::string& name);

}  // namespace ub::report
