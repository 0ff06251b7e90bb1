#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "uringbench/model/case.hpp"
#include "uringbench/path/registry.hpp"
#include "uringbench/uring/probe.hpp"

/// The contract that every engine keeps with every path. A new path is tested by its line in the
/// registry alone.
namespace ub::engine {

/// An engine and a path that has a factory for it. Whether this kernel grants it is asked later.
struct Pair {
  EngineKind engine = EngineKind::pthread;
  const path::Descriptor* path = nullptr;

  [[nodiscard]] bool is(EngineKind kind, std::string_view path_name) const {
    return engine == kind && path->name == path_name;
  }
  [[nodiscard]] bool sends() const { return path->family != Family::none; }
};

std::vector<Pair> every_pair();

/// "uring_send_zc": names of parameters must be identifiers.
std::string name_of(const Pair& pair);

/// GoogleTest prints a parameter by this.
void PrintTo(const Pair& pair, std::ostream* out);  // NOLINT(readability-identifier-naming)

/// Asked once a process.
const uring::Probe& probe();

/// One client, 4 KiB messages, every byte verified, cubic (the default of some machines is bbr,
/// whose pacing makes small runs slow). The working set is the least that keeps a zero-copy sender
/// from waiting for delayed acknowledgements.
Case case_of(const Pair& pair);

/// Skips, with the reason, what this kernel does not offer.
class ContractTest : public testing::TestWithParam<Pair> {
 protected:
  void SetUp() override;
};

/// Of the pairs that answer requests.
class AnsweringTest : public ContractTest {
 protected:
  void SetUp() override;
};

/// The same over pairs and message sizes.
class SizedContractTest : public testing::TestWithParam<std::tuple<Pair, std::uint64_t>> {
 protected:
  void SetUp() override;
  [[nodiscard]] static const Pair& pair() { return std::get<0>(GetParam()); }
  [[nodiscard]] static std::uint64_t size_bytes() { return std::get<1>(GetParam()); }
};

inline std::string name_of_pair(const testing::TestParamInfo<Pair>& info) {
  return name_of(info.param);
}

inline std::string name_of_sized(
    const testing::TestParamInfo<std::tuple<Pair, std::uint64_t>>& info) {
  return name_of(std::get<0>(info.param)) + "_" + std::to_string(std::get<1>(info.param)) +
         "_bytes";
}

}  // namespace ub::engine
