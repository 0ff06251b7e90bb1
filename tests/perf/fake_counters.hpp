#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "uringbench/perf/counter_source.hpp"

namespace ub::perf {

/// Stands in for the kernel: every counter reads what the test wrote here, or fails to open.
class FakeCounters final : public CounterSource {
 public:
  std::map<std::string, int, std::less<>> failures;     ///< name to errno
  std::map<std::string, RawCount, std::less<>> counts;  ///< name to what a read returns

  Opened open(const CounterSpec& spec, const CounterTarget& target) override {
    targets.push_back(target);
    const auto failure = failures.find(spec.name);
    if (failure != failures.end()) return OpenFailure{failure->second};
    return std::make_unique<Counter>(*this, std::string(spec.name));
  }

  [[nodiscard]] std::string explain(const CounterSpec& spec, const CounterTarget& /*target*/,
                                    int error) const override {
    return std::string(spec.name) + " failed with " + std::to_string(error);
  }

  std::vector<CounterTarget> targets;  ///< every one that was asked for

 private:
  class Counter final : public OpenCounter {
   public:
    Counter(const FakeCounters& owner, std::string name) : owner_(owner), name_(std::move(name)) {}
    [[nodiscard]] std::variant<RawCount, Unavailable> read() const override {
      const auto found = owner_.counts.find(name_);
      if (found == owner_.counts.end()) return Unavailable{"gone"};
      return found->second;
    }

   private:
    const FakeCounters& owner_;
    std::string name_;
  };
};

}  // namespace ub::perf
