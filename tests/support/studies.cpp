#include "support/studies.hpp"

#include <algorithm>

namespace ub::test {
namespace {

constexpr const char* kNoPmu =
    "this machine has no PMU (perf_event_open: ENOENT); run on bare metal, or give the VM a "
    "virtual PMU";

SendCounts sends_of(std::uint64_t messages, std::uint64_t size_bytes, std::uint32_t batch) {
  SendCounts sends;
  sends.messages = messages;
  sends.bytes = messages * size_bytes;
  sends.operations = messages / batch;
  sends.system_calls = sends.operations;
  return sends;
}

RoleUsage usage_of(std::uint64_t cpu_ns) {
  RoleUsage usage;
  usage.cpu_ns = cpu_ns;
  usage.user_ns = cpu_ns / 10;
  usage.system_ns = cpu_ns - cpu_ns / 10;
  usage.counters = {{"cycles", Unavailable{kNoPmu}},       {"instructions", Unavailable{kNoPmu}},
                    {"l1d_misses", Unavailable{kNoPmu}},   {"llc_misses", Unavailable{kNoPmu}},
                    {"context_switches", Counted{120, 1}}, {"page_faults", Counted{3, 1}}};
  return usage;
}

void add_repetitions(std::vector<Sample>& samples, const Case& the_case,
                     const std::vector<double>& gbps) {
  std::uint32_t rep = 0;
  for (const double each : gbps) samples.push_back(sample_of(the_case, each, rep++));
}

void add_zero_copy(std::vector<Sample>& samples) {
  constexpr std::uint64_t kSize = 4096;
  Sample copied = sample_of(case_of(EngineKind::uring, "send-zc", Family::zero_copy, kSize), 13.1);
  copied.zero_copy = zero_copy_counts(0, 399'000, 12);
  copied.sends.system_calls = 2 * copied.sends.operations;
  for (std::uint32_t rep = 0; rep < 3; ++rep) {
    copied.rep = copied.block = rep;
    samples.push_back(copied);
  }
  samples.back().marks = {"client-bound"};
  samples.push_back(failed_sample(
      case_of(EngineKind::uring, "sendmsg-zc", Family::zero_copy, kSize), Status::failed,
      "the server ended early: OP_SENDMSG_ZC failed with ENOMEM (Cannot allocate "
      "memory); raise the limit of locked memory: ulimit -l 65536"));
}

}  // namespace

Case case_of(EngineKind engine, const std::string& path, Family family, std::uint64_t size_bytes) {
  Case c;
  c.engine = engine;
  c.path = path;
  c.family = family;
  c.size_bytes = size_bytes;
  c.working_set_bytes = 262144;
  c.congestion = "cubic";
  c.server_cpus = std::string("1");
  c.client_cpus = std::string("0");
  c.warmup_ns = 200'000'000;
  c.duration_ns = 1'000'000'000;
  return c;
}

Sample sample_of(const Case& the_case, double gbps, std::uint32_t rep) {
  Sample s;
  s.status = Status::valid;
  s.the_case = the_case;
  s.rep = rep;
  s.block = rep;
  s.window_s = 1.0;
  s.messages = static_cast<std::uint64_t>(gbps * 1e9 / 8) / the_case.size_bytes;
  s.bytes = s.messages * the_case.size_bytes;
  s.goodput_bps = static_cast<double>(s.bytes) * 8;
  s.message_rate = static_cast<double>(s.messages);
  s.server = usage_of(980'000'000);
  s.client = usage_of(483'000'000);
  s.sends = sends_of(s.messages, the_case.size_bytes, the_case.batch);
  s.server_peak_rss_bytes = 5'242'880;
  s.effective = {{"server_congestion", "cubic"}, {"server_send_buffer_bytes", "2626560"}};
  return s;
}

Sample null_sample(EngineKind engine, std::uint64_t messages) {
  Sample s = sample_of(case_of(engine, "null", Family::none, 4096), 0);
  s.sends = sends_of(messages, 4096, 1);
  s.server.cpu_ns = 1'000'000'000;
  s.message_rate = static_cast<double>(messages);
  return s;
}

Sample failed_sample(const Case& the_case, Status status, const std::string& reason,
                     std::uint32_t rep) {
  Sample s;
  s.status = status;
  s.reason = reason;
  s.the_case = the_case;
  s.rep = rep;
  return s;
}

ZeroCopyCounts zero_copy_counts(std::uint64_t real, std::uint64_t copied,
                                std::uint64_t unreported) {
  return {.sends = real + copied + unreported,
          .real = real,
          .copied = copied,
          .unreported = unreported,
          .notifications = real + copied};
}

Plan plan_for(const std::vector<Sample>& samples, std::uint32_t reps) {
  Plan plan;
  plan.reps = reps;
  plan.seed = 7;
  for (const Sample& sample : samples) {
    const bool known = std::any_of(
        plan.cases.begin(), plan.cases.end(),
        [&](const PlannedCase& planned) { return planned.the_case == sample.the_case; });
    if (!known) plan.cases.push_back({sample.the_case, ""});
  }
  return plan;
}

Environment environment() {
  Environment environment;
  environment.seed = 7;
  environment.facts = {{"program", "uringbench 0.1.0"},
                       {"kernel", "Linux 6.18.44 x86_64"},
                       {"cpu_model", "Example 9000, 2 cores"},
                       {"governor", "unavailable: no cpufreq in this VM"}};
  return environment;
}

std::vector<Sample> comparison_samples() {
  constexpr std::uint64_t kSize = 4096;
  std::vector<Sample> samples;
  samples.push_back(failed_sample(case_of(EngineKind::pthread, "fixed", Family::one_copy, kSize),
                                  Status::unavailable,
                                  "the path 'fixed' needs a ring, which 'pthread' has not"));
  add_repetitions(samples, case_of(EngineKind::pthread, "two-copy", Family::two_copy, kSize),
                  {25.1, 24.2, 26.0});
  add_repetitions(samples, case_of(EngineKind::pthread, "gather", Family::one_copy, kSize),
                  {20.0, 19.5, 20.1});
  Case bundle = case_of(EngineKind::uring, "bundle", Family::one_copy, kSize);
  bundle.batch = 64;
  add_repetitions(samples, bundle, {46.0, 45.1, 47.9});
  samples.back().status = Status::invalid;
  samples.back().reason = "the server sent 47,900 messages that did not arrive";
  add_zero_copy(samples);
  samples.push_back(null_sample(EngineKind::pthread, 83'000'000));
  samples.push_back(null_sample(EngineKind::epoll, 66'000'000));
  samples.push_back(null_sample(EngineKind::uring, 4'760'000));
  return samples;
}

namespace {

/// -1 to 1, different for each block and mode, and without a trend.
double wobble(std::uint32_t block, std::uint32_t mode) {
  constexpr std::uint32_t kSteps = 21;
  return static_cast<double>((block * block * (mode + 1) + block * 8 + mode * 5) % kSteps) / 10.0 -
         1.0;
}

struct Variant {
  EngineKind engine;
  const char* path;
  Family family;
  double ratio;
  double noise;
};

constexpr std::uint64_t kSize = 4096;

struct PricedVariant {
  EngineKind engine;
  const char* path;
  Family family;
  double fixed_ns;
  double ns_per_byte;
};

Sample costing(const PricedVariant& variant, std::uint64_t size_bytes, double noise,
               std::uint32_t block) {
  const double ns =
      (variant.fixed_ns + variant.ns_per_byte * static_cast<double>(size_bytes)) * noise;
  const double gbps = static_cast<double>(size_bytes) * 8 / ns;
  return sample_of(case_of(variant.engine, variant.path, variant.family, size_bytes), gbps, block);
}

}  // namespace

std::vector<Sample> verdict_samples(std::uint32_t blocks) {
  const std::vector<Variant> variants{
      {EngineKind::pthread, "two-copy", Family::two_copy, 1.0, 0.005},
      {EngineKind::epoll, "two-copy", Family::two_copy, 1.2, 0.01},
      {EngineKind::pthread, "gather", Family::one_copy, 0.9, 0.01},
      {EngineKind::epoll, "gather", Family::one_copy, 1.003, 0.004},
      {EngineKind::uring, "two-copy", Family::two_copy, 1.04, 0.2},
  };
  std::vector<Sample> samples;
  for (std::uint32_t block = 0; block < blocks; ++block) {
    const double drift = 1.0 - 0.01 * block;
    std::uint32_t mode = 0;
    for (const Variant& variant : variants) {
      const double gbps =
          25.0 * drift * variant.ratio * (1 + variant.noise * wobble(block, mode++));
      samples.push_back(
          sample_of(case_of(variant.engine, variant.path, variant.family, kSize), gbps, block));
    }
  }
  return samples;
}

std::vector<Sample> paced_samples(std::uint32_t blocks) {
  constexpr double kP50Ns = 40'000;
  constexpr double kP99Ns = 200'000;
  std::vector<Sample> samples;
  for (std::uint32_t block = 0; block < blocks; ++block) {
    const double wobble = 1 + 0.01 * (block % 3);
    for (const EngineKind engine : {EngineKind::pthread, EngineKind::epoll}) {
      Case c = case_of(engine, "two-copy", Family::two_copy, 64);
      c.workload = Workload::rr;
      c.rate_per_s = 1000;
      Sample sample = sample_of(c, 1, block);
      const double better = engine == EngineKind::epoll ? 2 : 1;
      RequestFigures& requests = sample.requests.emplace();
      requests.planned = 1000;
      requests.achieved_per_s = 1000;
      requests.response.count = 1000;
      requests.response.p50 = kP50Ns;
      requests.response.p99 = kP99Ns * wobble / better;
      sample.latency = sample.requests->response;
      samples.push_back(std::move(sample));
    }
  }
  return samples;
}

std::vector<Sample> crossing_samples(std::uint32_t blocks) {
  const std::vector<PricedVariant> variants{
      {EngineKind::uring, "two-copy", Family::two_copy, 1000, 0.25},
      {EngineKind::uring, "send-zc", Family::zero_copy, 3400, 0.10},
      {EngineKind::uring, "fixed", Family::one_copy, 800, 0.05},
  };
  std::vector<Sample> samples;
  for (std::uint32_t block = 0; block < blocks; ++block) {
    for (std::uint64_t size_bytes = 1024; size_bytes <= 262144; size_bytes *= 4) {
      std::uint32_t mode = 0;
      for (const PricedVariant& variant : variants) {
        const double noise =
            1 + 0.02 * wobble(block + static_cast<std::uint32_t>(size_bytes % 7), mode++);
        samples.push_back(costing(variant, size_bytes, noise, block));
      }
    }
  }
  return samples;
}

std::vector<Sample> scaled_samples(std::vector<Sample> samples, double factor) {
  for (Sample& sample : samples) {
    sample.message_rate *= factor;
    sample.goodput_bps *= factor;
  }
  return samples;
}

analysis::StudyData study_of(std::vector<Sample> samples) {
  return analysis::study_of({.environment = environment(),
                             .later_environments = {},
                             .plan = std::nullopt,
                             .samples = std::move(samples),
                             .torn = std::nullopt});
}

}  // namespace ub::test
