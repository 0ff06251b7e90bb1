#pragma once

#include <optional>
#include <string>
#include <vector>

#include "uringbench/study/options.hpp"

namespace CLI {
class App;
}

namespace ub::cli {

enum class Format { table, jsonl, csv };

/// The options of `run` as typed; to_study() says what they mean.
struct RunArguments {
  std::vector<std::string> modes;
  std::vector<std::string> sizes;
  std::vector<std::string> clients = {"1"};
  std::string workload = "stream";
  std::string duration;
  std::string warmup;
  std::string reps;
  std::string batch;
  std::string fields = "8";
  std::string working_set = "1M";
  std::string nodelay;
  std::string congestion;
  std::string send_buffer = "0";
  std::string receive_buffer = "0";
  std::string client_lowat = "0";
  std::string server_cpus;
  std::string client_cpus;
  std::string seed = "1";
  std::string baseline;
  std::string format = "table";
  std::string out;
  bool verify = false;
};

/// Adds every option of `run` to `app`.
void add_run_options(CLI::App& app, RunArguments& arguments);

/// Adds those of them that a report of finished samples takes.
void add_report_options(CLI::App& app, RunArguments& arguments);

/// Throws UsageError for a text that does not mean what its option needs.
study::StudyOptions to_study(const RunArguments& arguments);
Format to_format(const RunArguments& arguments);

}  // namespace ub::cli
