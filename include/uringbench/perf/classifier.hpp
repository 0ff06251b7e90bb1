#pragma once

#include <memory>
#include <string_view>

#include "uringbench/model/category.hpp"
#include "uringbench/perf/named_chain.hpp"

namespace ub::perf {

/// Whether the time was spent for the thread itself or by an interrupt or softirq that ran on top
/// of it. The receive half of loopback runs as a softirq inside the sender's system call: the
/// kernel charges it to the sender, though it is the receiver's work.
enum class Context { task, interrupt };

struct Placement {
  Category category = Category::unclassified;
  Context context = Context::task;

  friend bool operator==(const Placement&, const Placement&) = default;
};

/// Says for a call chain what its time was spent on, by the whole chain: functions that decide
/// wherever they occur first, then the known function nearest to the leaf (categories.rules).
/// Leaves alone mislead: a memcpy may be any copy. Not thread-safe, since it remembers every name
/// it has met.
class Classifier {
 public:
  /// With the embedded rules.
  Classifier();
  /// With other rules. Throws UsageError with the line that is wrong.
  explicit Classifier(std::string_view rules);

  [[nodiscard]] Placement classify(const NamedChain& chain);

  Classifier(Classifier&& other) noexcept;
  Classifier& operator=(Classifier&& other) noexcept;
  Classifier(const Classifier&) = delete;
  Classifier& operator=(const Classifier&) = delete;
  ~Classifier();

 private:
  class Rules;
  std::unique_ptr<Rules> rules_;
};

}  // namespace ub::perf
