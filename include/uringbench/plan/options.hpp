#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "uringbench/model/case.hpp"
#include "uringbench/model/ledger.hpp"
#include "uringbench/model/plan.hpp"

namespace ub::plan {

inline constexpr std::uint32_t kMostReps = 10'000;

/// What the user asked for: lists on factors, as typed where only the machine can say what they
/// mean.
struct StudyOptions {
  std::vector<std::string> modes;  ///< names, short names, globs, "all", "default"
  std::vector<std::uint64_t> sizes_bytes;
  std::vector<std::uint32_t> clients;
  Workload workload = Workload::stream;
  std::optional<std::uint64_t> request_size_bytes;  ///< absent: 64; with echo: each message's size
  std::vector<std::uint32_t> depths;                ///< empty: 1; in an open loop: unbound
  std::vector<double> rates_per_s;                  ///< empty: a closed loop
  Gaps gaps = Gaps::fixed;
  std::vector<std::string> receives;  ///< names of receive paths; empty: each engine's own
  std::vector<Wait> waits = {Wait::block};
  std::vector<Wait> client_waits = {Wait::block};
  std::vector<Transport> transports = {Transport::tcp};
  std::vector<RingSetup> ring_setups = {RingSetup::best};
  RingFactors ring;  ///< all but `setup`
  std::vector<std::uint32_t> reactors = {1};
  Switch huge_pages = Switch::off;
  std::vector<NotifyFactors> notifies = {NotifyFactors{}};
  Switch histogram = Switch::off;  ///< samples carry their latency histogram
  std::vector<Link> links = {Link::loopback};
  LinkFactors device;             ///< of veth and sink
  std::uint32_t reps = 1;         ///< with `until` as many at most
  std::optional<StopRule> until;  ///< absent: exactly `reps`
  std::uint64_t duration_ns = 1'000'000'000;
  std::uint64_t warmup_ns = 300'000'000;
  std::optional<std::uint32_t> batch;  ///< absent: each path's own default
  std::uint32_t fields = 8;
  std::uint64_t working_set_bytes = 1U << 20U;
  std::optional<Switch> nodelay;          ///< absent: on where there are requests, else off
  std::optional<std::string> congestion;  ///< absent: cubic where the kernel has it
  std::uint64_t send_buffer_bytes = 0;
  std::uint64_t receive_buffer_bytes = 0;
  std::uint64_t client_lowat_bytes = 0;
  Switch verify = Switch::off;
  std::optional<std::string> server_cpus;  ///< absent: the last CPU
  std::optional<std::string> client_cpus;  ///< absent: the first CPU
  std::uint64_t seed = 1;
  std::vector<std::string> counters = {};  ///< empty: a set a repetition, in turn
  ProfileScope profile = ProfileScope::off;
};

}  // namespace ub::plan
