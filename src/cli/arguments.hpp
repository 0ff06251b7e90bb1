#pragma once

#include <optional>
#include <string>
#include <vector>

#include "uringbench/plan/options.hpp"

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
  std::string request_size;
  std::vector<std::string> depths;
  std::vector<std::string> rates;
  std::string gaps = "fixed";
  std::vector<std::string> receives;
  std::vector<std::string> waits = {"block"};
  std::vector<std::string> client_waits = {"block"};
  std::vector<std::string> transports = {"tcp"};
  std::vector<std::string> rings = {"best"};
  std::string registered_files = "off";
  std::string registered_ring_fd = "on";
  std::string napi_busy_poll = "0s";
  std::string min_wait = "0s";
  std::string cq_entries;
  std::vector<std::string> reactors = {"1"};
  bool poll_first = false;
  bool huge_pages = false;
  std::vector<std::string> notifies = {"ring"};
  bool histogram = false;
  std::vector<std::string> links = {"loopback"};
  std::string mtu;
  std::string link_offloads = "on";
  std::string link_delay = "0s";
  std::string duration;
  std::string warmup = "300ms";
  std::string reps;
  std::string until_ci;
  std::string max_reps;
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
  std::string resume;  ///< a directory to continue in
  std::vector<std::string> counters;
  bool profile = false;
  bool profile_cpus = false;
  bool verify = false;

  friend bool operator==(const RunArguments&, const RunArguments&) = default;
};

/// Adds every option of `run` to `app`.
void add_run_options(CLI::App& app, RunArguments& arguments);

/// Adds those of them that a report of finished samples takes.
void add_report_options(CLI::App& app, RunArguments& arguments);

/// Throws UsageError for a text that does not mean what its option needs. A factor of which a study
/// takes one value may be given several: one element each, of their product.
std::vector<plan::StudyOptions> to_study(const RunArguments& arguments);
Format to_format(const RunArguments& arguments);

}  // namespace ub::cli
