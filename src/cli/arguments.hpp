#pragma once

#include <string>
#include <vector>

#include "uringbench/plan/options.hpp"
#include "uringbench/report/format.hpp"

namespace CLI {
class App;
}

namespace ub::cli {

/// The options of `run` as typed; to_study() says what they mean.
struct RunArguments {
  std::vector<std::string> modes;
  plan::AskedFactors factors;  ///< every option of the factor table that was typed
  bool histogram = false;
  std::string reps;
  std::string until_ci;
  std::string max_reps;
  std::string seed = "1";
  std::string baseline;
  std::string format = "text";
  std::string out;
  std::string output;  ///< `report`: a file instead of standard output
  std::string resume;  ///< a directory to continue in
  std::vector<std::string> counters;
  bool profile = false;
  bool profile_cpus = false;
  std::string server = "local";
  std::string load = "local";
  std::string data_address;
  std::string data_port;
  std::string remote_program;

  friend bool operator==(const RunArguments&, const RunArguments&) = default;
};

/// Adds every option of `run` to `app`.
void add_run_options(CLI::App& app, RunArguments& arguments);

/// Adds --format, of those that render `input`.
void add_format_option(CLI::App& app, std::string& format, report::Input input);

/// Adds those options of `run` that a report of finished samples takes.
void add_report_options(CLI::App& app, RunArguments& arguments);

/// Where the two ends run. Throws UsageError.
Hosts hosts_of(const RunArguments& arguments);

/// Throws UsageError for a text that does not mean what its option needs.
plan::StudyOptions to_study(const RunArguments& arguments);

}  // namespace ub::cli
