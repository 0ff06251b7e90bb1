#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "uringbench/perf/profile.hpp"
#include "uringbench/perf/symbols.hpp"

namespace ub::perf {

/// A call chain as names, each part from the leaf up. Views into the ChainNamer that made it.
struct NamedChain {
  std::vector<std::string_view> kernel;
  std::vector<std::string_view> user;
  bool idle_task = false;
};

/// Turns the addresses of a profile of this process into names: "tcp_sendmsg", "nft_do_chain
/// [nf_tables]", "main", "[libc.so.6]" where the file has no name for it, "[unknown]" where there
/// is no file either. Remembers every address, so a profile costs one look-up for each distinct
/// one.
class ChainNamer {
 public:
  /// Kernel names are needed, without them nothing can be classified; user names that cannot be had
  /// become
  /// "[unknown]".
  static std::variant<ChainNamer, Unavailable> of_this_process();
  explicit ChainNamer(KernelSymbols kernel, std::optional<UserSymbols> user = std::nullopt);

  [[nodiscard]] NamedChain name(const Profile& profile, const StackSample& sample);

 private:
  using Names = std::map<std::uint64_t, std::string>;

  std::string_view kernel_name(std::uint64_t address);
  std::string_view user_name(std::uint64_t address);

  KernelSymbols kernel_;
  std::optional<UserSymbols> user_;
  Names kernel_names_;
  Names user_names_;
};

/// The profile in the folded form that flame graph tools read: a line for each distinct chain, root
/// first, "main;send;tcp_sendmsg_[k] 42", kernel functions marked "_[k]", with the number of
/// samples. Sorted.
std::string folded_stacks(const Profile& profile, const TimeWindow& window, ChainNamer& namer);

}  // namespace ub::perf
