#include "csv.hpp"
#include "uringbench/report/reporter.hpp"
#include "write.hpp"

namespace ub::report {

void CsvReporter::begin(const Environment& /*environment*/, const Plan& /*plan*/) {
  write(out_, csv_header());
}

void CsvReporter::sample(const Sample& sample) {
  if (sample.the_case.purpose == Purpose::comparison) write(out_, csv_row(sample));
}

void CsvReporter::end() {
  write(out_, "");
}

}  // namespace ub::report
