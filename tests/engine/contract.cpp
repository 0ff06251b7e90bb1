#include "contract.hpp"

#include <algorithm>

#include "uringbench/net/socket_options.hpp"

namespace ub::engine {
namespace {

/// Null when the pair can run here.
std::string why_not(const Pair& pair) {
  return path::why_unavailable(pair.engine, *pair.path, probe()).value_or("");
}

}  // namespace

std::vector<Pair> every_pair() {
  std::vector<Pair> pairs;
  for (const EngineKind engine : {EngineKind::pthread, EngineKind::epoll, EngineKind::uring}) {
    for (const path::Descriptor& path : path::registry()) {
      const bool legal = engine == EngineKind::uring ? static_cast<bool>(path.make_ring)
                                                     : static_cast<bool>(path.make_syscall);
      if (legal) pairs.push_back({engine, &path});
    }
  }
  return pairs;
}

std::string name_of(const Pair& pair) {
  std::string name = mode_name(pair.engine, pair.path->name);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

void PrintTo(const Pair& pair, std::ostream* out) {  // NOLINT(readability-identifier-naming)
  *out << name_of(pair);
}

const uring::Probe& probe() {
  static const uring::Probe probe = uring::Probe::run();
  return probe;
}

Case case_of(const Pair& pair) {
  Case c;
  c.engine = pair.engine;
  c.path = std::string(pair.path->name);
  c.family = pair.path->family;
  c.size_bytes = 4096;
  c.working_set_bytes = 512U << 10U;
  c.verify = Switch::on;
  c.congestion = net::default_congestion();
  return c;
}

void ContractTest::SetUp() {
  if (const std::string reason = why_not(GetParam()); !reason.empty()) GTEST_SKIP() << reason;
}

void AnsweringTest::SetUp() {
  ContractTest::SetUp();
  if (!GetParam().sends()) GTEST_SKIP() << "the null path answers nothing";
}

void SizedContractTest::SetUp() {
  if (const std::string reason = why_not(pair()); !reason.empty()) GTEST_SKIP() << reason;
}

}  // namespace ub::engine
