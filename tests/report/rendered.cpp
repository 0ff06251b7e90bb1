#include "rendered.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>

namespace ub::report {
namespace {

std::string path_of(const std::string& name) {
  return URINGBENCH_GOLDEN_DIR "/" + name;
}

bool refreshes() {
  const char* value = std::getenv("UPDATE_GOLDEN");  // NOLINT(concurrency-mt-unsafe): one thread
  return value != nullptr && std::string_view(value) == "1";
}

}  // namespace

std::string golden_text(const std::string& name) {
  std::ifstream in(path_of(name), std::ios::binary);
  EXPECT_TRUE(in) << "no golden file " << path_of(name) << "; see README.md beside it";
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void expect_golden(const std::string& name, const std::string& text) {
  if (refreshes()) {
    std::ofstream out(path_of(name), std::ios::binary);
    out << text << std::flush;
    ASSERT_TRUE(out) << "cannot write " << path_of(name);
    GTEST_SKIP() << "refreshed " << name << "; nothing was compared";
  }
  EXPECT_EQ(golden_text(name), text);
}

std::string rendered(const std::string& format, const Plan& plan,
                     const std::vector<Sample>& samples, const TableOptions& options) {
  std::ostringstream out;
  StudyWriter writer(format_named(format, Input::study), out,
                     {.colour = options.colour,
                      .columns = options.columns,
                      .build_warning = options.build_warning});
  const analysis::StudyData study{environment(), plan, samples};
  writer.begin(study.environment, study.plan);
  for (const Sample& sample : samples) writer.sample(sample);
  if (writer.needs_analysis()) writer.end(study, analysis::analyse(study, options.baseline));
  return out.str();
}

std::string table_of(const Plan& plan, const std::vector<Sample>& samples,
                     const TableOptions& options) {
  return rendered("text", plan, samples, options);
}

std::string table_of(const std::vector<Sample>& samples, const TableOptions& options) {
  return table_of(plan_for(samples), samples, options);
}

TableOptions with_baseline(const std::string& mode) {
  TableOptions options;
  options.baseline = mode;
  return options;
}

TableOptions with_colour() {
  TableOptions options;
  options.colour = Colour::on;
  return options;
}

}  // namespace ub::report
