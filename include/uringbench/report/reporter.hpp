#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

#include "uringbench/model/environment.hpp"
#include "uringbench/model/plan.hpp"
#include "uringbench/model/sample.hpp"

namespace ub::report {

/// Receives the finished data of one study: begin(), then sample() in any order, then end(). A
/// reporter measures nothing and reads no clock, so the same data always give the same bytes. Not
/// thread-safe. Every function throws SetupError when the stream it writes to has failed.
class Reporter {
 public:
  virtual ~Reporter() = default;

  virtual void begin(const Environment& environment, const Plan& plan) = 0;
  virtual void sample(const Sample& sample) = 0;
  virtual void end() = 0;
};

enum class Colour { off, on };

struct TableOptions {
  std::string baseline;       ///< a mode; empty: the first mode of each block with a valid sample
  std::string build_warning;  ///< build_warning() of base/build.hpp; printed first when not empty
  Colour colour = Colour::off;
};

/// For people: printed at end(), at most 100 columns wide. A block of rows holds cases that differ
/// in nothing but the mode and the batch; every other factor stands in the head of the table or of
/// the block. Samples that only price the harness stand below all blocks, in one line.
class TableReporter final : public Reporter {
 public:
  /// `out` must outlive the reporter.
  TableReporter(std::ostream& out, TableOptions options);

  void begin(const Environment& environment, const Plan& plan) override;
  void sample(const Sample& sample) override;
  void end() override;

 private:
  std::ostream& out_;
  TableOptions options_;
  Environment environment_;
  Plan plan_;
  std::vector<Sample> samples_;
};

/// The lines of samples.jsonl: the environment, the plan, then one line a sample, flushed each, so
/// that an interrupted study keeps what it has. Bytes that are not UTF-8 are replaced by U+FFFD.
class JsonlReporter final : public Reporter {
 public:
  /// `out` must outlive the reporter.
  explicit JsonlReporter(std::ostream& out) : out_(out) {}

  void begin(const Environment& environment, const Plan& plan) override;
  void sample(const Sample& sample) override;
  void end() override;

 private:
  std::ostream& out_;
};

/// A header, then one row a sample, flushed each. Quoted as RFC 4180 says, but lines end in LF, as
/// every other text on Linux. A value that could not be had is an empty field, never 0; the last
/// column, `unavailable_reason`, says why: "column, column: reason; column: reason". Units stand in
/// the names; `latency_us` is the median; counters are the server's and already scaled by their
/// running share, of which `counters_running` is the least of those printed. Samples that only
/// price the harness have no row.
class CsvReporter final : public Reporter {
 public:
  /// `out` must outlive the reporter.
  explicit CsvReporter(std::ostream& out) : out_(out) {}

  void begin(const Environment& environment, const Plan& plan) override;
  void sample(const Sample& sample) override;
  void end() override;

 private:
  std::ostream& out_;
};

}  // namespace ub::report
