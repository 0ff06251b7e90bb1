#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <set>

#include "support/processes.hpp"
#include "uringbench/base/affinity.hpp"
#include "uringbench/link/network.hpp"
#include "uringbench/plan/builder.hpp"
#include "uringbench/run/runner.hpp"

/// Samples over links of their own.
namespace ub::run {

/// Every network namespace that a process of this machine is in.
inline std::set<std::string> networks() {
  std::set<std::string> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const auto link = std::filesystem::read_symlink(entry.path() / "ns/net", error);
    if (!error) found.insert(link);
  }
  return found;
}

inline std::set<std::string> host_devices() {
  std::set<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator("/sys/class/net")) {
    found.insert(entry.path().filename());
  }
  return found;
}

class LinksTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string why = link::why_no_private_network();
    if (!why.empty()) GTEST_SKIP() << why;
    devices_ = host_devices();
    networks_ = networks();
  }

  void TearDown() override {
    EXPECT_EQ(host_devices(), devices_);
    // Other programs of this machine may come and go meanwhile; only ours would stay for good.
    EXPECT_TRUE(test::eventually([&] {
      const auto now = networks();
      return std::includes(networks_.begin(), networks_.end(), now.begin(), now.end());
    }));
  }

  static std::vector<Sample> run(const std::vector<Case>& cases, RunnerOptions options) {
    options.program = URINGBENCH_PROGRAM;
    options.report_usage = true;
    Plan plan;
    for (const Case& c : cases) plan.cases.push_back({c, ""});
    std::vector<Sample> samples;
    Runner(std::move(options))
        .run(plan, {.take = [&](const Sample& sample) { samples.push_back(sample); },
                    .progress = [](const Progress&) {}});
    return samples;
  }

 private:
  std::set<std::string> devices_;
  std::set<std::string> networks_;
};

inline Case case_over(Link link, const plan::Mode& mode) {
  Case c;
  c.link = link;
  c.transport = facts_of(link).carries.front();
  c.engine = mode.engine;
  c.path = mode.path->name;
  c.family = mode.path->family;
  c.size_bytes = 4096;
  c.clients = 2;
  c.working_set_bytes = 256 * 4096;
  c.server_cpus = c.client_cpus = format_cpu_list({allowed_cpus().front()});
  c.duration_ns = 20'000'000;
  return c;
}

inline std::vector<plan::Mode> modes() {
  auto all = plan::all_modes(uring::Probe::run());
  std::erase_if(all, [](const plan::Mode& mode) { return !mode.unavailable.empty(); });
  return all;
}

/// On a crowded machine a server may get no CPU in so short a window, or get it late; the books are
/// of the whole run and are looked at before that is complained of.
inline void expect_balanced(const Sample& sample) {
  const bool idle = sample.reason.find("nothing arrived in the window") == 0;
  const bool late = sample.reason.find("kept it from its CPU") != std::string::npos;
  EXPECT_TRUE(sample.status == Status::valid || idle || late)
      << mode_name(sample.the_case) << ", " << sample.the_case.size_bytes
      << " B: " << sample.reason;
}

/// OP_SEND_ZC, where the kernel says whether it copied.
inline std::optional<plan::Mode> reporting_mode() {
  constexpr std::array kNeeds = {uring::Feature::send_zc, uring::Feature::send_zc_report_usage};
  if (uring::Probe::run().missing(kNeeds)) return std::nullopt;
  plan::Mode mode;
  mode.engine = EngineKind::uring;
  mode.path = path::find("send-zc");
  return mode;
}

/// Sends that share a segment are reported as copied, also when they were not (copy_cause()).
inline void send_whole_segments(Case& c) {
  c.size_bytes = 131'072;
  c.working_set_bytes = 64 * c.size_bytes;
}

inline constexpr const char* kNoReports = "this kernel does not report whether OP_SEND_ZC copied";

}  // namespace ub::run
